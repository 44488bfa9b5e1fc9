"use client";

import { ApiProblem } from "@dfworx/api";
import { useSignUp } from "@dfworx/api/react";
import { Field, Input } from "@dfworx/ui/Field";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState, type SyntheticEvent } from "react";

import { isLongEnough, isPersonName, looksLikeEmail } from "./checks";
import { EmailField } from "./EmailField";
import { useForm } from "./form";
import { FormProblem } from "./FormProblem";
import { Heading } from "./Heading";
import { isSlug, suggestSlug } from "./slug";
import { SubmitButton } from "./SubmitButton";
import { useProblemText } from "./useProblemText";

const EMPTY = { organization: "", slug: "", name: "", email: "", password: "" };
type Name = keyof typeof EMPTY;

/** Where the server's refusals belong, by the field of the request. */
const FIELDS: Record<string, Name> = {
  "organization.name": "organization",
  "organization.slug": "slug",
  "user.name": "name",
  "user.email": "email",
  "user.password": "password",
};

export function SignUp() {
  const t = useTranslations("entering");
  const textOf = useProblemText();
  const signUp = useSignUp();
  const [problem, setProblem] = useState("");
  const [ownSlug, setOwnSlug] = useState(false);
  const form = useForm<Name>(EMPTY, (name, value) => {
    if (name === "organization") return isPersonName(value) ? undefined : t("writeOrganization");
    if (name === "slug") return isSlug(value) ? undefined : t("writeSlug");
    if (name === "name") return isPersonName(value) ? undefined : t("writeName");
    if (name === "email") return looksLikeEmail(value) ? undefined : t("writeEmail");
    return isLongEnough(value) ? undefined : t("longerPassword");
  });

  async function start() {
    const { organization, slug, name, email, password } = form.values;
    setProblem("");
    try {
      await signUp.mutateAsync({ organization: { name: organization, slug }, user: { name, email, password } });
      window.location.assign("/posts");
    } catch (error) {
      const problem = error instanceof ApiProblem ? error : null;
      const refused: Partial<Record<Name, string>> = {};
      for (const [field, detail] of Object.entries(problem?.fields ?? {})) {
        const name = FIELDS[field];
        if (name) refused[name] = detail;
      }
      if (problem?.code === "slug_taken") refused.slug = t("slugTaken");
      if (problem?.code === "email_taken") refused.email = t("emailTaken");
      form.refuse(refused);
      if (Object.keys(refused).length === 0) setProblem(textOf(error));
    }
  }

  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (form.settle(event.currentTarget)) void start();
  };
  const organization = form.bind("organization");
  const slug = form.bind("slug");
  return (
    <>
      <Heading title={t("signUpTitle")}>{t("signUpLead")}</Heading>
      <form onSubmit={submit} noValidate className="space-y-4">
        <Field label={t("organization")} error={form.errorOf("organization")}>
          {(control) => (
            <Input
              {...control}
              {...organization}
              onChange={(event) => {
                organization.onChange(event);
                if (!ownSlug) form.set("slug", suggestSlug(event.target.value));
              }}
              size="large"
              autoComplete="organization"
              placeholder={t("organizationExample")}
            />
          )}
        </Field>
        <Field label={t("slug")} help={t("slugHelp")} error={form.errorOf("slug")}>
          {(control) => (
            <Input
              {...control}
              {...slug}
              onChange={(event) => {
                setOwnSlug(event.target.value !== "");
                slug.onChange(event);
              }}
              size="large"
              autoCapitalize="none"
              spellCheck={false}
              autoComplete="off"
              placeholder={t("slugExample")}
            />
          )}
        </Field>
        <Field label={t("yourName")} error={form.errorOf("name")}>
          {(control) => (
            <Input
              {...control}
              {...form.bind("name")}
              size="large"
              autoComplete="name"
              placeholder={t("yourNameExample")}
            />
          )}
        </Field>
        <EmailField form={form} />
        <Field label={t("password")} help={t("passwordHelp")} error={form.errorOf("password")}>
          {(control) => (
            <Input {...control} {...form.bind("password")} size="large" type="password" autoComplete="new-password" />
          )}
        </Field>
        <FormProblem>{problem}</FormProblem>
        <SubmitButton busy={(signUp.isPending || signUp.isSuccess) && t("signingUp")}>{t("signUp")}</SubmitButton>
      </form>
      <p className="mt-5 text-sm text-ink-2">
        {t.rich("haveAccount", {
          link: (text) => (
            <Link className="link" href="/sign-in">
              {text}
            </Link>
          ),
        })}
      </p>
    </>
  );
}
