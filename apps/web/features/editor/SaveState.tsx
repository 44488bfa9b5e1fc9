import clsx from "clsx";
import { CircleAlert, Cloud, CloudOff, HardDrive, WifiOff } from "lucide-react";
import { useTranslations } from "next-intl";

import { savingOf, type DraftState } from "./draftState";

/** Where what is written is now: with the server, on its way, or on this device alone. */
export function SaveState({ state }: { state: DraftState }) {
  const t = useTranslations("editor");
  const { post, unkept } = state;
  const saving = savingOf(state);
  const Icon = {
    blank: null,
    saved: Cloud,
    unsaved: Cloud,
    saving: Cloud,
    held: HardDrive,
    offline: WifiOff,
    refused: CircleAlert,
    signedOut: CloudOff,
    conflict: CircleAlert,
  }[saving];
  if (!Icon) return null;
  const told =
    saving === "saved"
      ? t("saved", { version: post?.version ?? 1 })
      : saving === "unsaved" || saving === "saving"
        ? t("saving")
        : unkept
          ? t("unkept")
          : saving === "held"
            ? t("held")
            : saving === "offline"
              ? t("offlineKept")
              : t("notSaved");
  return (
    <span
      className={clsx(
        "flex shrink-0 items-center gap-1.5 text-xs whitespace-nowrap @max-[44rem]/sheet:[&>span]:sr-only",
        ["saved", "unsaved", "saving", "held"].includes(saving) && !unkept ? "text-ink-3" : "text-warning",
      )}
      data-saving={saving}
    >
      <Icon className="size-3.5 stroke-[1.75]" aria-hidden />
      <span>{told}</span>
    </span>
  );
}
