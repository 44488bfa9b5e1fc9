"use client";

import { ApiProblem } from "@dfworx/api";
import { useSignUp } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { Field, Input } from "@dfworx/ui/Field";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useState, type SyntheticEvent } from "react";

import { useForm } from "./form";
import { FormProblem } from "./FormProblem";
import { isSlug, suggestSlug } from "./slug";
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
  const isName = (value: string) => value.trim() !== "" && value.trim().length <= 100;
  const form = useForm<Name>(EMPTY, (name, value) => {
    if (name === "organization") return isName(value) ? undefined : t("writeOrganization");
    if (name === "slug") return isSlug(value) ? undefined : t("writeSlug");
    if (name === "name") return isName(value) ? undefined : t("writeName");
    if (name === "email") return /^\s*\S+@\S+\s*$/.test(value) ? undefined : t("writeEmail");
    return [...value].length >= 8 ? undefined : t("longerPassword");
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
      <h1 className="text-xl font-semibold tracking-[-0.015em]">{t("signUpTitle")}</h1>
      <p className="mt-1.5 mb-6 text-ink-2">{t("signUpLead")}</p>
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
        <Field label={t("email")} error={form.errorOf("email")}>
          {(control) => (
            <Input
              {...control}
              {...form.bind("email")}
              size="large"
              type="email"
              autoComplete="username"
              placeholder={t("emailExample")}
            />
          )}
        </Field>
        <Field label={t("password")} help={t("passwordHelp")} error={form.errorOf("password")}>
          {(control) => (
            <Input {...control} {...form.bind("password")} size="large" type="password" autoComplete="new-password" />
          )}
        </Field>
        <FormProblem>{problem}</FormProblem>
        <Button
          type="submit"
          look="primary"
          size="large"
          className="mt-2 w-full"
          busy={(signUp.isPending || signUp.isSuccess) && t("signingUp")}
        >
          {t("signUp")}
        </Button>
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
