"use client";

import {
  acceptInvitation,
  ApiProblem,
  getReceivedInvitation,
  type InvitationAnswer,
  type Me,
  type ReceivedInvitation,
} from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Field, Input } from "@dfworx/ui/Field";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { SyntheticEvent } from "react";

import { isLongEnough, isPersonName } from "./checks";
import { useForm } from "./form";
import { FormProblem } from "./FormProblem";
import { SubmitButton } from "./SubmitButton";
import { useProblemText } from "./useProblemText";

interface Props {
  token: string;
  invitation: ReceivedInvitation;
  me: Me | null;
}

/** Three ways in: agree while signed in, prove the account by its password, or begin one by name and password. */
export function AcceptInvitation({ token, invitation, me }: Props) {
  const t = useTranslations("account");
  const entering = useTranslations("entering");
  const { accept, problem, refused } = useAccepting(token);
  const isMe = me?.email === invitation.email;
  const form = useForm({ name: "", password: "" }, (name, value) => {
    if (name === "name") return invitation.has_account || isPersonName(value) ? undefined : entering("writeName");
    if (invitation.has_account) return value ? undefined : entering("writePassword");
    return isLongEnough(value) ? undefined : entering("longerPassword");
  });
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    const { name, password } = form.values;
    if (isMe) accept.mutate({ token });
    else if (form.settle(event.currentTarget))
      accept.mutate({ token, password, ...(!invitation.has_account && { name: name.trim() }) });
  };
  return (
    <form onSubmit={submit} noValidate className="space-y-4">
      {me && (
        <p className="rounded-md bg-sunken px-3 py-2 text-sm wrap-anywhere text-ink-2">
          {isMe ? t("signedInAsInvited", { name: me.name, email: invitation.email }) : null}
          {!isMe && t("signedInAsAnother", { other: me.email ?? me.name, email: invitation.email })}
        </p>
      )}
      {/* A password manager files the password under this. */}
      {!isMe && <input type="hidden" name="username" autoComplete="username" value={invitation.email} readOnly />}
      {!isMe && !invitation.has_account && (
        <Field label={entering("yourName")} error={form.errorOf("name") ?? refused.name}>
          {(control) => (
            <Input
              {...control}
              {...form.bind("name")}
              size="large"
              autoComplete="name"
              placeholder={entering("yourNameExample")}
            />
          )}
        </Field>
      )}
      {!isMe && (
        <Field
          label={invitation.has_account ? t("passwordOf", { email: invitation.email }) : entering("password")}
          help={invitation.has_account ? t("knownEmail") : entering("passwordHelp")}
          error={form.errorOf("password") ?? refused.password}
          aside={
            invitation.has_account && (
              <Link className="link" href="/forgot-password">
                {t("forgot")}
              </Link>
            )
          }
        >
          {(control) => (
            <Input
              {...control}
              {...form.bind("password")}
              size="large"
              type="password"
              autoComplete={invitation.has_account ? "current-password" : "new-password"}
            />
          )}
        </Field>
      )}
      <FormProblem>{problem}</FormProblem>
      <SubmitButton busy={(accept.isPending || accept.isSuccess) && t("joining")}>
        <span className="truncate">{t("join", { organization: invitation.organization.name })}</span>
      </SubmitButton>
    </form>
  );
}

function useAccepting(token: string) {
  const t = useTranslations("account");
  const textOf = useProblemText();
  const api = useApi();
  const cached = useQueryClient();
  const accept = useMutation({
    ...acceptInvitation(api),
    // A whole new page: nothing of who was here before is kept.
    onSuccess: () => window.location.assign("/posts"),
    onError: (error) => {
      // What the link offers has changed since the page was opened: it was used, or the email has an account by now.
      const stale =
        error instanceof ApiProblem && ["email_taken", "invitation_not_found", "not_found"].includes(error.code);
      if (stale) void cached.invalidateQueries(getReceivedInvitation(api, token));
    },
  });
  const error = accept.error instanceof ApiProblem ? accept.error : null;
  const refused: Partial<Record<keyof InvitationAnswer, string>> = { ...error?.fields };
  if (error?.code === "invalid_credentials") refused.password = t("wrongPassword");
  const problem =
    error?.code === "already_member"
      ? t.rich("alreadyMember", {
          link: (text) => (
            <Link className="link" href="/sign-in">
              {text}
            </Link>
          ),
        })
      : error?.code === "email_taken"
        ? t("accountByNow")
        : error?.code === "session_ended" || error?.code === "unauthenticated"
          ? t("signedOutMeanwhile")
          : accept.error && Object.keys(refused).length === 0
            ? textOf(accept.error)
            : "";
  return { accept, problem, refused };
}
