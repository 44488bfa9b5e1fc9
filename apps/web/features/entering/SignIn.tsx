"use client";

import { ApiProblem, type AuthSchemas } from "@dfworx/api";
import { useSignIn } from "@dfworx/api/react";
import { Field, Input } from "@dfworx/ui/Field";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState, type SyntheticEvent } from "react";

import { looksLikeEmail } from "./checks";
import { ChooseOrganization } from "./ChooseOrganization";
import { EmailField } from "./EmailField";
import { useForm } from "./form";
import { FormProblem } from "./FormProblem";
import { Heading } from "./Heading";
import { SubmitButton } from "./SubmitButton";
import { useProblemText } from "./useProblemText";

type Choice = AuthSchemas["OrganizationChoice"];

export function SignIn({ next }: { next: string }) {
  const t = useTranslations("entering");
  const account = useTranslations("account");
  const textOf = useProblemText();
  const signIn = useSignIn();
  const [choices, setChoices] = useState<Choice[] | null>(null);
  const [problem, setProblem] = useState("");
  const form = useForm({ email: "", password: "" }, (name, value) => {
    if (name === "email") return looksLikeEmail(value) ? undefined : t("writeEmail");
    return value ? undefined : t("writePassword");
  });

  async function enter(organization?: string) {
    setProblem("");
    try {
      await signIn.mutateAsync({ ...form.values, ...(organization && { organization }) });
      // A whole new page: nothing of who was here before is kept.
      window.location.assign(next);
    } catch (error) {
      const several = organizationsOf(error);
      if (several) setChoices(several);
      else setProblem(error instanceof ApiProblem && error.status === 401 ? t("dontMatch") : textOf(error));
    }
  }

  if (choices) {
    return (
      <ChooseOrganization
        email={form.values.email}
        choices={choices}
        busy={signIn.isPending || signIn.isSuccess}
        problem={problem}
        choose={enter}
        back={() => setChoices(null)}
      />
    );
  }

  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (form.settle(event.currentTarget)) void enter();
  };
  return (
    <>
      <Heading title={t("signInTitle")}>{t("signInLead")}</Heading>
      <form onSubmit={submit} noValidate className="space-y-4">
        <EmailField form={form} />
        <Field
          label={t("password")}
          error={form.errorOf("password")}
          aside={
            <Link className="link" href="/forgot-password">
              {account("forgot")}
            </Link>
          }
        >
          {(control) => (
            <Input
              {...control}
              {...form.bind("password")}
              size="large"
              type="password"
              autoComplete="current-password"
            />
          )}
        </Field>
        <FormProblem>{problem}</FormProblem>
        <SubmitButton busy={(signIn.isPending || signIn.isSuccess) && t("signingIn")}>{t("signIn")}</SubmitButton>
      </form>
      <p className="mt-5 text-sm text-ink-2">
        {t.rich("newHere", {
          link: (text) => (
            <Link className="link" href="/sign-up">
              {text}
            </Link>
          ),
        })}
      </p>
    </>
  );
}

/** The password was right, and its owner belongs to several organizations. */
function organizationsOf(error: unknown): Choice[] | null {
  if (!(error instanceof ApiProblem) || error.code !== "organization_required") return null;
  return (error.document as AuthSchemas["LoginConflict"]).organizations;
}
