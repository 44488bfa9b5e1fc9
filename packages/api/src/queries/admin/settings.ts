import { mutationOptions, queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../../client";
import type { AdminShapes } from "./shapes";

/** All of them, or those with these words in their name or description. */
export function listSettings(api: Api, words: string) {
  return queryOptions({
    queryKey: ["admin", "settings", words],
    queryFn: ({ signal }) =>
      read(api.admin.GET("/api/admin/settings", { params: { query: words ? { q: words } : {} }, signal })),
  });
}

export interface SettingChange {
  key: string;
  change: AdminShapes["SettingUpdate"];
}

export function updateSetting(api: Api) {
  return mutationOptions({
    mutationFn: ({ key, change }: SettingChange) =>
      read(api.admin.PATCH("/api/admin/settings/{key}", { params: { path: { key } }, body: change })),
  });
}
