"use client";

import { DIGESTS, getPreferences, NOTICES, type Channel, type Notice, type Preferences } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Select } from "@dfworx/ui/Select";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { Switch } from "@dfworx/ui/Switch";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";

import { Failed } from "@/features/shell/Failed";

import { DesktopRow } from "./DesktopRow";
import { SavedLine } from "./SavedLine";
import { Part, SettingRow } from "./SettingRow";
import { useChangePreferences } from "./usePreferences";
import { useSaved } from "./useSaved";

/** How one hears of things. Mails lead here. */
export function NotificationSettings() {
  const t = useTranslations("settings");
  const preferences = useQuery(getPreferences(useApi()));
  if (preferences.isPending) return <SkeletonRows label={t("loading")} rows={5} />;
  if (preferences.isError)
    return <Failed title={t("failedTitle")} error={preferences.error} again={() => void preferences.refetch()} />;
  return (
    <>
      <Part title={t("notices.title")} lead={t("notices.lead")}>
        <table className="w-full">
          <thead>
            <tr className="text-xs font-medium text-ink-3">
              <th scope="col" className="pb-1 text-start font-medium">
                {t("notices.what")}
              </th>
              <th scope="col" className="w-16 pb-1 text-center font-medium sm:w-24">
                {t("notices.in_app")}
              </th>
              <th scope="col" className="w-16 pb-1 text-center font-medium sm:w-24">
                {t("notices.mail")}
              </th>
            </tr>
          </thead>
          <tbody>
            {NOTICES.map((notice) => (
              <NoticeRow key={notice} notice={notice} preferences={preferences.data} />
            ))}
          </tbody>
        </table>
      </Part>
      <Part title={t("desktop.title")}>
        <DesktopRow />
      </Part>
      <Part title={t("digest.title")}>
        <DigestRow digest={preferences.data.digest} />
      </Part>
    </>
  );
}

function NoticeRow({ notice, preferences }: { notice: Notice; preferences: Preferences }) {
  const t = useTranslations("settings.notices");
  const change = useChangePreferences();
  const { standing, saved, failed, rest } = useSaved();
  const channels = preferences.notifications[notice];
  const choose = async (channel: Channel, on: boolean, isUndo = false) => {
    rest();
    try {
      await change({ notifications: { [notice]: { [channel]: on } } });
      saved(isUndo ? undefined : () => void choose(channel, !on, true));
    } catch (error) {
      failed(error);
    }
  };
  const cell = (channel: Channel) => (
    <td className="border-t border-line py-3 text-center align-top leading-none">
      <Switch
        label={t("switch", { what: t(`${notice}.name`), channel: t(channel) })}
        describedBy={`notice-${notice}`}
        checked={channels?.[channel] ?? false}
        onChange={(on) => void choose(channel, on)}
      />
    </td>
  );
  return (
    <tr>
      <th scope="row" className="border-t border-line py-3 pe-4 text-start font-normal">
        <span className="block font-medium">{t(`${notice}.name`)}</span>
        <span id={`notice-${notice}`} className="block text-sm text-ink-3">
          {t(`${notice}.help`)}
        </span>
        <SavedLine standing={standing} className="mt-1 -mb-1" />
      </th>
      {cell("in_app")}
      {cell("mail")}
    </tr>
  );
}

function DigestRow({ digest }: { digest: Preferences["digest"] }) {
  const t = useTranslations("settings.digest");
  const change = useChangePreferences();
  const { standing, saved, failed, rest } = useSaved();
  const choose = async (chosen: Preferences["digest"], before?: Preferences["digest"]) => {
    rest();
    try {
      await change({ digest: chosen });
      saved(before && (() => void choose(before)));
    } catch (error) {
      failed(error);
    }
  };
  return (
    <SettingRow id="digest" name={t("name")} help={t("help")} standing={standing}>
      <Select
        id="digest"
        aria-describedby="digest-help"
        className="w-full sm:w-44"
        value={digest}
        onChange={(event) => void choose(event.target.value as Preferences["digest"], digest)}
      >
        {DIGESTS.map((each) => (
          <option key={each} value={each}>
            {t(each)}
          </option>
        ))}
      </Select>
    </SettingRow>
  );
}
