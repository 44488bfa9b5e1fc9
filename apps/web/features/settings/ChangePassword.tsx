"use client";

import { ApiProblem, changePassword, getMe, listSessions } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { Field, Input } from "@dfworx/ui/Field";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState, type SyntheticEvent } from "react";

import { isLongEnough } from "@/features/entering/checks";
import { useForm } from "@/features/entering/form";
import { FormProblem } from "@/features/entering/FormProblem";
import { useProblemText } from "@/features/entering/useProblemText";

import { SavedLine } from "./SavedLine";
import { useSaved } from "./useSaved";

/** A new one ends every other session. A fresh form afterwards: no password stays in a field. */
export function ChangePassword() {
  const [round, setRound] = useState(0);
  const { standing, saved } = useSaved();
  return (
    <>
      <PasswordForm
        key={round}
        done={() => {
          setRound(round + 1);
          saved();
        }}
      />
      <SavedLine standing={standing} className="mt-2" />
    </>
  );
}

function PasswordForm({ done }: { done: () => void }) {
  const t = useTranslations("settings.sessions");
  const account = useTranslations("account");
  const entering = useTranslations("entering");
  const textOf = useProblemText();
  const api = useApi();
  const cached = useQueryClient();
  const { data: me } = useQuery(getMe(api));
  const form = useForm({ current: "", password: "" }, (name, value): string | undefined => {
    if (name === "current") return value ? undefined : t("writeCurrent");
    if (!isLongEnough(value)) return entering("longerPassword");
    return value === form.values.current ? t("chooseAnother") : undefined;
  });
  const change = useMutation({
    ...changePassword(api),
    onSuccess: () => {
      void cached.invalidateQueries({ queryKey: listSessions(api).queryKey });
      done();
    },
    onError: (error) => {
      if (!(error instanceof ApiProblem)) return;
      if (error.code === "invalid_credentials") form.refuse({ current: account("wrongPassword") });
      else if (error.fields.new_password) form.refuse({ password: error.fields.new_password });
    },
  });
  const problem = change.error;
  const isOnField =
    problem instanceof ApiProblem && (problem.code === "invalid_credentials" || problem.fields.new_password);

  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (change.isPending || !form.settle(event.currentTarget)) return;
    change.mutate({ current_password: form.values.current, new_password: form.values.password });
  };
  return (
    <form onSubmit={submit} noValidate className="space-y-4 md:max-w-80">
      {/* A password manager files the password under this. */}
      <input type="hidden" name="username" autoComplete="username" value={me?.email ?? ""} readOnly />
      <Field
        label={t("currentPassword")}
        error={form.errorOf("current")}
        aside={
          <Link className="link" href="/forgot-password">
            {account("forgot")}
          </Link>
        }
      >
        {(control) => <Input {...control} {...form.bind("current")} type="password" autoComplete="current-password" />}
      </Field>
      <Field label={account("newPassword")} help={entering("passwordHelp")} error={form.errorOf("password")}>
        {(control) => <Input {...control} {...form.bind("password")} type="password" autoComplete="new-password" />}
      </Field>
      <FormProblem>{problem && !isOnField && textOf(problem)}</FormProblem>
      <Button type="submit" busy={change.isPending && account("settingPassword")}>
        {t("changePassword")}
      </Button>
    </form>
  );
}
