"use client";

import { Button } from "@dfworx/ui/Button";
import { Dialog } from "@dfworx/ui/Dialog";
import { Field, Input } from "@dfworx/ui/Field";
import { useTranslations } from "next-intl";
import { useId, useState, type FormEvent } from "react";

import type { Address } from "./asked";
import { isDay } from "./days";

interface DatesDialogProps {
  address: Address;
  go: (address: Address) => void;
  close: () => void;
}

/** From which day, and before which: either may be left open. */
export function DatesDialog({ address, go, close }: DatesDialogProps) {
  const t = useTranslations("finding.search");
  const form = useId();
  const [after, setAfter] = useState(address.after ?? "");
  const [before, setBefore] = useState(address.before ?? "");
  const [asked, ask] = useState(false);
  const wrong = (day: string) => (asked && day && !isDay(day) ? t("wrongDay") : undefined);
  const isTurned = isDay(after) && isDay(before) && before <= after;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    ask(true);
    if ((after && !isDay(after)) || (before && !isDay(before)) || isTurned) return;
    close();
    go({ ...address, after: after || undefined, before: before || undefined });
  };
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t("datesTitle")}
      description={t("datesText")}
      actions={
        <>
          <Button onClick={close}>{t("cancel")}</Button>
          <Button look="primary" type="submit" form={form}>
            {t("useDates")}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} noValidate className="grid gap-4 sm:grid-cols-2">
        <Field label={t("filters.after")} error={wrong(after)}>
          {(control) => (
            <Input
              type="date"
              max="9999-12-31"
              value={after}
              onChange={(event) => setAfter(event.target.value)}
              {...control}
            />
          )}
        </Field>
        <Field label={t("filters.before")} error={wrong(before) ?? (asked && isTurned && t("turned"))}>
          {(control) => (
            <Input
              type="date"
              max="9999-12-31"
              value={before}
              onChange={(event) => setBefore(event.target.value)}
              {...control}
            />
          )}
        </Field>
      </form>
    </Dialog>
  );
}
