"use client";

import { getMe, getMyProfile, type Me, type Profile } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";

import { Failed } from "@/features/shell/Failed";

import { ProfileForm } from "./ProfileForm";
import type { ProfileValues } from "./useSaveProfile";

export function ProfileSettings() {
  const t = useTranslations("settings");
  const api = useApi();
  const me = useQuery(getMe(api));
  const profile = useQuery(getMyProfile(api));
  const failed = [me, profile].find((each) => each.isError);
  if (failed?.error)
    return (
      <Failed
        title={t("failedTitle")}
        error={failed.error}
        again={() => void Promise.all([me.refetch(), profile.refetch()])}
      />
    );
  if (!me.data || !profile.data) return <SkeletonRows label={t("loading")} rows={5} />;
  return <ProfileForm me={me.data} values={valuesOf(me.data, profile.data)} />;
}

function valuesOf(me: Me, profile: Profile): ProfileValues {
  return { name: me.name, title: profile.title, bio: profile.bio, timezone: profile.timezone ?? "" };
}
