"use client";

import { requestPasswordReset } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { useMutation } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect, useRef, type SyntheticEvent } from "react";

import { looksLikeEmail } from "./checks";
import { EmailField } from "./EmailField";
import { useForm } from "./form";
import { FormProblem } from "./FormProblem";
import { Heading } from "./Heading";
import { SubmitButton } from "./SubmitButton";
import { useProblemText } from "./useProblemText";

/** Asks for the mail. What it answers tells nobody whether an email has an account. */
export function ForgotPassword() {
  const t = useTranslations("account");
  const entering = useTranslations("entering");
  const textOf = useProblemText();
  const request = useMutation(requestPasswordReset(useApi()));
  const form = useForm({ email: "" }, (_, value) => (looksLikeEmail(value) ? undefined : entering("writeEmail")));

  if (request.isSuccess) return <Sent email={form.values.email.trim()} again={request.reset} />;

  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (form.settle(event.currentTarget)) request.mutate(form.values.email.trim());
  };
  return (
    <>
      <Heading title={t("forgotTitle")}>{t("forgotLead")}</Heading>
      <form onSubmit={submit} noValidate className="space-y-4">
        <EmailField form={form} />
        <FormProblem>{request.error && textOf(request.error)}</FormProblem>
        <SubmitButton busy={request.isPending && t("sending")}>{t("sendLink")}</SubmitButton>
      </form>
      <p className="mt-5 text-sm text-ink-2">
        <Link className="link" href="/sign-in">
          {t("backToSignIn")}
        </Link>
      </p>
    </>
  );
}

function Sent({ email, again }: { email: string; again: () => void }) {
  const t = useTranslations("account");
  const told = useRef<HTMLDivElement>(null);
  // The form is gone, and with it what had focus.
  useEffect(() => {
    told.current?.focus();
  }, []);
  return (
    <div ref={told} tabIndex={-1} className="outline-none">
      <Heading title={t("sentTitle")}>{t("sentText", { email })}</Heading>
      <div className="flex flex-wrap gap-2">
        <Button asChild size="large">
          <Link href="/sign-in">{t("backToSignIn")}</Link>
        </Button>
        <Button look="ghost" size="large" onClick={again}>
          {t("anotherEmail")}
        </Button>
      </div>
    </div>
  );
}
