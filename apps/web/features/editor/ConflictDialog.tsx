"use client";

import { Button } from "@dfworx/ui/Button";
import { Dialog } from "@dfworx/ui/Dialog";
import { useToast } from "@dfworx/ui/Toast";
import { useTranslations } from "next-intl";
import { useMemo } from "react";

import { Time } from "@dfworx/ui/time/Time";

import { Difference } from "./Difference";
import type { Draft } from "./draft";
import type { Conflict } from "./draftState";
import { withLineFeeds } from "./fields";

interface ConflictDialogProps {
  draft: Draft;
  conflict: Conflict;
  onClose: () => void;
}

/** Somebody saved between. Whatever is chosen, the other version is still there: in the history, or an undo away. */
export function ConflictDialog({ draft, conflict, onClose }: ConflictDialogProps) {
  const t = useTranslations("editor");
  const tell = useToast();
  const { theirs, clashes } = conflict;
  const mine = useMemo(() => draft.fields, [draft]);
  const choose = (choice: "mine" | "theirs" | "merge") => {
    const undo = draft.resolve(choice);
    if (undo) tell(t("tookTheirs", { version: theirs.version }), { label: t("undo"), run: undo });
  };
  return (
    <Dialog
      open
      wide
      onOpenChange={(open) => open || onClose()}
      title={t("conflictTitle")}
      description={t.rich("conflictLead", { at: () => <Time at={theirs.updated_at} />, version: theirs.version })}
      actions={
        <>
          <Button onClick={() => choose("theirs")}>{t("takeTheirs")}</Button>
          <Button onClick={() => choose("mine")}>{t("keepMine")}</Button>
          {clashes.includes("content") && (
            <Button look="primary" onClick={() => choose("merge")}>
              {t("merge")}
            </Button>
          )}
        </>
      }
    >
      <div className="mb-2 flex flex-wrap gap-x-4 gap-y-1 text-xs">
        <span className="text-danger">− {t("legendTheirs", { version: theirs.version })}</span>
        <span className="text-success">+ {t("legendMine")}</span>
      </div>
      {clashes.includes("title") && <Difference label={t("title")} from={theirs.title} to={mine.title} />}
      {clashes.includes("category") && (
        <Difference
          label={t("category")}
          from={theirs.category ?? t("noCategory")}
          to={mine.category ?? t("noCategory")}
        />
      )}
      {clashes.includes("visibility") && (
        <Difference
          label={t("whoReads")}
          from={t(`visibility.${theirs.visibility}`)}
          to={t(`visibility.${mine.visibility}`)}
        />
      )}
      {clashes.includes("content") && (
        <Difference label={t("content")} from={withLineFeeds(theirs.content)} to={mine.content} />
      )}
    </Dialog>
  );
}
