"use client";

import { ApiProblem, createInvitation, listInvitations, ROLES, type NewInvitation, type Role } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { Dialog } from "@dfworx/ui/Dialog";
import { Field, Input } from "@dfworx/ui/Field";
import { Select } from "@dfworx/ui/Select";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useId, useState, type SyntheticEvent } from "react";

import { looksLikeEmail } from "@/features/entering/checks";
import { useForm } from "@/features/entering/form";
import { FormProblem } from "@/features/entering/FormProblem";
import { useProblemText } from "@/features/entering/useProblemText";

import { InvitationLink } from "./InvitationLink";

/** Asks somebody in. The link is told once, here, and by mail. */
export function InviteDialog({ close }: { close: () => void }) {
  const [made, setMade] = useState<NewInvitation | null>(null);
  if (made) return <InvitationLink invitation={made} close={close} another={() => setMade(null)} />;
  return <InviteForm close={close} done={setMade} />;
}

function InviteForm({ close, done }: { close: () => void; done: (made: NewInvitation) => void }) {
  const t = useTranslations("settings.members");
  const roles = useTranslations("settings.roles");
  const entering = useTranslations("entering");
  const formId = useId();
  const [role, setRole] = useState<Role>("member");
  const form = useForm({ email: "" }, (_, value) => (looksLikeEmail(value) ? undefined : entering("writeEmail")));
  const { invite, problem } = useInviting(done, (told) => form.refuse({ email: told }));
  const submit = (event: SyntheticEvent<HTMLFormElement>) => {
    event.preventDefault();
    if (!invite.isPending && form.settle(event.currentTarget)) invite.mutate({ email: form.values.email.trim(), role });
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      holdsUnsavedText={form.values.email !== ""}
      title={t("inviteTitle")}
      description={t("inviteText")}
      actions={
        <>
          <Button onClick={close}>{t("cancel")}</Button>
          <Button type="submit" form={formId} look="primary" busy={invite.isPending && t("inviting")}>
            {t("send")}
          </Button>
        </>
      }
    >
      <form id={formId} onSubmit={submit} noValidate className="space-y-4">
        <Field label={entering("email")} error={form.errorOf("email")}>
          {(control) => (
            <Input
              {...control}
              {...form.bind("email")}
              type="email"
              autoComplete="off"
              placeholder={entering("emailExample")}
            />
          )}
        </Field>
        <Field label={t("role")} help={t(`roleHelp.${role}`)}>
          {(control) => (
            <Select
              {...control}
              className="w-full"
              value={role}
              onChange={(event) => setRole(event.target.value as Role)}
            >
              {ROLES.map((each) => (
                <option key={each} value={each}>
                  {roles(each)}
                </option>
              ))}
            </Select>
          )}
        </Field>
        <FormProblem>{problem}</FormProblem>
      </form>
    </Dialog>
  );
}

function useInviting(done: (made: NewInvitation) => void, refuse: (told: string) => void) {
  const t = useTranslations("settings.members");
  const textOf = useProblemText();
  const api = useApi();
  const cached = useQueryClient();
  const [problem, setProblem] = useState("");
  const invite = useMutation({
    ...createInvitation(api),
    onMutate: () => setProblem(""),
    onSuccess: (made) => {
      void cached.invalidateQueries({ queryKey: listInvitations(api).queryKey });
      done(made);
    },
    onError: (error) => {
      const known = error instanceof ApiProblem ? error : null;
      if (known?.code === "already_member") refuse(t("alreadyMember"));
      else if (known?.code === "member_deactivated") refuse(t("isDeactivated"));
      else if (known?.fields.email) refuse(known.fields.email);
      else setProblem(textOf(error));
    },
  });
  return { invite, problem };
}
