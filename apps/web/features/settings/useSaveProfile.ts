"use client";

import { getMe, getMyProfile, updateMe, updateMyProfile, type Profile } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "next/navigation";

export interface ProfileValues {
  name: string;
  title: string;
  bio: string;
  timezone: string;
}

/** Saves what differs: the name is the account's, the rest the profile's, and each has a service of its own. */
export function useSaveProfile(before: ProfileValues) {
  const api = useApi();
  const cached = useQueryClient();
  const router = useRouter();
  const saveName = useMutation({
    ...updateMe(api),
    onSuccess: (me) => {
      cached.setQueryData(getMe(api).queryKey, me);
      // It stands in lists of people and beside everything one wrote.
      void cached.invalidateQueries({ queryKey: ["people"] });
      void cached.invalidateQueries({ queryKey: ["posts"] });
      router.refresh();
    },
  });
  const saveProfile = useMutation({
    ...updateMyProfile(api),
    onSuccess: (profile: Profile) => {
      cached.setQueryData(getMyProfile(api).queryKey, profile);
      void cached.invalidateQueries({ queryKey: ["profiles", profile.user_id] });
    },
  });
  return {
    busy: saveName.isPending || saveProfile.isPending,
    async save({ name, title, bio, timezone }: ProfileValues) {
      const changes = {
        ...(title.trim() !== before.title && { title: title.trim() }),
        ...(bio !== before.bio && { bio }),
        ...(timezone !== before.timezone && { timezone: timezone || null }),
      };
      if (Object.keys(changes).length > 0) await saveProfile.mutateAsync(changes);
      if (name.trim() !== before.name) await saveName.mutateAsync({ name: name.trim() });
    },
  };
}
