"use client";

import { Switch } from "@dfworx/ui/Switch";
import { useTranslations } from "next-intl";

import { setDesktop, useDesktop } from "@/features/notifications/desktop";

import { SettingRow } from "./SettingRow";
import { useSaved } from "./useSaved";

/** Notifications of the browser: this one's alone, and kept here. */
export function DesktopRow() {
  const t = useTranslations("settings.desktop");
  const state = useDesktop();
  const { standing, saved, rest } = useSaved();
  const choose = async (on: boolean) => {
    rest();
    if (await setDesktop(on)) saved();
  };
  const cannot = state === "blocked" || state === "unsupported";
  return (
    <SettingRow id="desktop" name={t("name")} help={t(cannot ? state : "help")} standing={standing}>
      <Switch
        id="desktop"
        describedBy="desktop-help"
        checked={state === "on"}
        disabled={cannot}
        onChange={(on) => void choose(on)}
      />
    </SettingRow>
  );
}
