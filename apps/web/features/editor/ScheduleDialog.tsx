"use client";

import { Button } from "@dfworx/ui/Button";
import { Dialog } from "@dfworx/ui/Dialog";
import { Field, Input } from "@dfworx/ui/Field";
import { useLocale, useTranslations } from "next-intl";
import { useState } from "react";

import type { DraftState } from "./draftState";
import { FURTHEST, readMoment, suggestMoment, writtenAs } from "./schedule";
import type { Deeds } from "./useDeeds";

interface ScheduleDialogProps {
  publishAt: string | null;
  deeds: Deeds;
  state: DraftState;
  onClose: () => void;
}

export function ScheduleDialog({ publishAt, deeds, state, onClose }: ScheduleDialogProps) {
  const t = useTranslations("editor");
  const locale = useLocale();
  const [opened] = useState(() => new Date());
  const [written, write] = useState(() => writtenAs(publishAt ? new Date(publishAt) : suggestMoment(opened)));
  const [tried, setTried] = useState(false);
  const moment = readMoment(written.date, written.time, opened);
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const told =
    moment instanceof Date
      ? new Intl.DateTimeFormat(locale === "en" ? "en-GB" : locale, { dateStyle: "full", timeStyle: "short" }).format(
          moment,
        )
      : "";
  async function schedule() {
    setTried(true);
    const at = readMoment(written.date, written.time, new Date());
    if (!(at instanceof Date)) return;
    // What stands in the way of it is told on the page.
    await deeds.schedule(at);
    onClose();
  }
  const furthest = writtenAs(new Date(opened.getTime() + FURTHEST)).date;
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onClose()}
      title={t("scheduleTitle")}
      description={state.fields.visibility === "author" ? t("scheduleOnlyYou") : t("scheduleLead")}
      actions={
        <>
          <Button onClick={onClose}>{t("cancel")}</Button>
          <Button look="primary" busy={deeds.busy === "schedule" && t("scheduling")} onClick={() => void schedule()}>
            {t("scheduleDo")}
          </Button>
        </>
      }
    >
      <div className="grid grid-cols-2 gap-3">
        <Field
          label={t("date")}
          error={(tried || moment !== "incomplete") && !(moment instanceof Date) ? t(`moment.${moment}`) : undefined}
        >
          {(control) => (
            <Input
              {...control}
              type="date"
              value={written.date}
              min={writtenAs(opened).date}
              max={furthest}
              onChange={(event) => write({ ...written, date: event.target.value })}
            />
          )}
        </Field>
        <Field label={t("time")}>
          {(control) => (
            <Input
              {...control}
              type="time"
              value={written.time}
              onChange={(event) => write({ ...written, time: event.target.value })}
            />
          )}
        </Field>
      </div>
      <p className="mt-3 min-h-5 text-sm text-ink-2">{told && t("publishesThen", { when: told, zone })}</p>
    </Dialog>
  );
}
