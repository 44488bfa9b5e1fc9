"use client";

import { ApiProblem, resetPassword } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { Field, Input } from "@dfworx/ui/Field";
import { Bar } from "@dfworx/ui/Skeleton";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect, useRef, type SyntheticEvent } from "react";

import { isLongEnough } from "./checks";
import { DeadLink } from "./DeadLink";
import { useForm } from "./form";
import { FormProblem } from "./FormProblem";
import { Heading } from "./Heading";
import { SubmitButton } from "./SubmitButton";
import { tokenOf, useFragment } from "./useFragment";
import { useProblemText } from "./useProblemText";

/** Behind the link of a mail. Its token stands in the fragment, so that no server's log has it. */
export function ResetPassword() {
  const t = useTranslations("account");
  const entering = useTranslations("entering");
  const textOf = useProblemText();
  const fragment = useFragment();
  const reset = useMutation({
    ...resetPassword(useApi()),
    // What is worth nothing any more needn't stay in the address.
    onSuccess: () => window.history.replaceState(null, "", window.location.pathname),
  });
  const form = useForm({ password: "", again: "" }, (name, value): string | undefined => {
    if (name === "password") return isLongEnough(value) ? undefined : entering("longerPassword");
    return value === form.values.password ? undefined : t("notTheSame");
  });

  if (reset.isSuccess) return <Done />;
  if (fragment === null) return <Bar className="h-7 w-3/5" />;
  const isDead = reset.error instanceof ApiProblem && reset.error.code === "password_reset_not_found";
  if (!fragment || isDead) {
    return (
      <DeadLink
        title={t(isDead ? "resetDeadTitle" : "resetMissingTitle")}
        text={t(isDead ? "resetDeadText" : "resetMissingText")}
      >
        <Button asChild look="primary" size="large">
          <Link href="/forgot-password">{t("askAnother")}</Link>
        </Button>
      </DeadLink>
    );
  }

  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (form.settle(event.currentTarget)) reset.mutate({ token: tokenOf(fragment), password: form.values.password });
  };
  const refused = reset.error instanceof ApiProblem ? reset.error.fields.password : undefined;
  return (
    <>
      <Heading title={t("resetTitle")}>{t("resetLead")}</Heading>
      <form onSubmit={submit} noValidate className="space-y-4">
        <Field label={t("newPassword")} help={entering("passwordHelp")} error={form.errorOf("password") ?? refused}>
          {(control) => (
            <Input {...control} {...form.bind("password")} size="large" type="password" autoComplete="new-password" />
          )}
        </Field>
        <Field label={t("passwordAgain")} error={form.errorOf("again")}>
          {(control) => (
            <Input {...control} {...form.bind("again")} size="large" type="password" autoComplete="new-password" />
          )}
        </Field>
        <FormProblem>{reset.error && !refused && textOf(reset.error)}</FormProblem>
        <SubmitButton busy={reset.isPending && t("settingPassword")}>{t("setPassword")}</SubmitButton>
      </form>
    </>
  );
}

function Done() {
  const t = useTranslations("account");
  const entering = useTranslations("entering");
  const link = useRef<HTMLAnchorElement>(null);
  useEffect(() => {
    link.current?.focus();
  }, []);
  return (
    <>
      <Heading title={t("resetDoneTitle")}>{t("resetDoneText")}</Heading>
      <Button asChild look="primary" size="large" className="w-full">
        <Link ref={link} href="/sign-in">
          {entering("signIn")}
        </Link>
      </Button>
    </>
  );
}
