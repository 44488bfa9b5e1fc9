"use client";

import { getPreferences, updatePreferences, type PreferencesUpdate } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useMutation, useQueryClient } from "@tanstack/react-query";

import { merged, reversed } from "./merging";

/** Changes one's preferences: seen at once, and taken back when the service doesn't take them. */
export function useChangePreferences() {
  const api = useApi();
  const cached = useQueryClient();
  const { queryKey } = getPreferences(api);
  const { mutateAsync } = useMutation({
    ...updatePreferences(api),
    onMutate: async (changes) => {
      await cached.cancelQueries({ queryKey });
      const before = cached.getQueryData(queryKey);
      cached.setQueryData(queryKey, (now) => now && merged(now, changes));
      return { takeBack: before && reversed(before, changes) };
    },
    onError: (_error, _changes, kept) => {
      cached.setQueryData(queryKey, (now) => (now && kept?.takeBack ? merged(now, kept.takeBack) : now));
    },
    onSuccess: (saved) => {
      // While others wait their turn the answer is behind what is shown.
      if (cached.isMutating({ mutationKey: ["preferences"] }) === 1) cached.setQueryData(queryKey, saved);
    },
  });
  return (changes: PreferencesUpdate) => mutateAsync(changes);
}
