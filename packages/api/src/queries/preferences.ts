import { mutationOptions, queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../client";
import type * as web from "../web.gen";

type Schemas = web.components["schemas"];
export type Preferences = Schemas["Preferences"];
export type PreferencesUpdate = Schemas["PreferencesUpdate"];
export const DIGESTS = ["off", "daily", "weekly"] as const;
/** What one can be told of, each in the app and by mail. */
export const NOTICES = ["mention", "reply", "comment", "share", "published"] as const;
export type Notice = (typeof NOTICES)[number];
export type Channel = "in_app" | "mail";

export function getPreferences(api: Api) {
  return queryOptions({
    queryKey: ["preferences"],
    queryFn: ({ signal }) => read(api.web.GET("/api/web/preferences", { signal })),
  });
}

/** The same under a key of its own, for whoever asks beside a page: a page's answer that comes with it from the server
 * must find nothing in its place, else browser and server show different things. */
export function getPreferencesToCarry(api: Api) {
  return queryOptions({
    queryKey: ["preferences-to-carry"],
    queryFn: ({ signal }) => read(api.web.GET("/api/web/preferences", { signal })),
    staleTime: Infinity,
  });
}

/** Only what is given changes, at any depth. */
export function updatePreferences(api: Api) {
  return mutationOptions({
    mutationKey: ["preferences"],
    // One after the other: an answer that overtakes a later one would show what was chosen before.
    scope: { id: "preferences" },
    mutationFn: (changes: PreferencesUpdate) => read(api.web.PATCH("/api/web/preferences", { body: changes })),
  });
}
