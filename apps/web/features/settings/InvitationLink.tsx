"use client";

import type { NewInvitation } from "@dfworx/api";
import { Button } from "@dfworx/ui/Button";
import { Dialog } from "@dfworx/ui/Dialog";
import { Field, Input } from "@dfworx/ui/Field";
import { Check, Copy } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";

interface Props {
  invitation: NewInvitation;
  close: () => void;
  another: () => void;
}

/** The one time that the link is seen: only its hash is kept. */
export function InvitationLink({ invitation, close, another }: Props) {
  const t = useTranslations("settings.members");
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState<boolean | null>(null);
  const copy = async () => {
    field.current?.select();
    // Browsers have no clipboard on pages over plain http; then the link is selected, for the keys.
    const done = await navigator.clipboard?.writeText(invitation.link).then(
      () => true,
      () => false,
    );
    setCopied(done ?? false);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && close()}
      title={<span className="wrap-anywhere">{t("invitedTitle", { email: invitation.email })}</span>}
      description={t("invitedText")}
      actions={
        <>
          <Button onClick={another}>{t("another")}</Button>
          <Button look="primary" onClick={close}>
            {t("done")}
          </Button>
        </>
      }
    >
      <Field label={t("link")} help={<span role="status">{copied === false ? t("copyByKeys") : t("linkHelp")}</span>}>
        {(control) => (
          <div className="flex gap-2">
            <Input
              {...control}
              ref={field}
              readOnly
              value={invitation.link}
              dir="ltr"
              className="font-mono text-xs"
              onFocus={(event) => event.target.select()}
            />
            <Button onClick={() => void copy()}>
              {copied ? <Check aria-hidden /> : <Copy aria-hidden />}
              {copied ? t("copied") : t("copy")}
            </Button>
          </div>
        )}
      </Field>
    </Dialog>
  );
}
