import { mutationOptions, queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../client";
import type * as web from "../web.gen";

export type Profile = web.components["schemas"]["Profile"];
export type ProfileUpdate = web.components["schemas"]["ProfileUpdate"];

/** Of anybody in the organization, also who has left. */
export function getProfile(api: Api, user_id: string) {
  return queryOptions({
    queryKey: ["profiles", user_id],
    queryFn: ({ signal }) =>
      read(api.web.GET("/api/web/profiles/{user_id}", { params: { path: { user_id } }, signal })),
  });
}

export function getMyProfile(api: Api) {
  return queryOptions({
    queryKey: ["profiles", "me"],
    queryFn: ({ signal }) => read(api.web.GET("/api/web/profiles/me", { signal })),
  });
}

export function updateMyProfile(api: Api) {
  return mutationOptions({
    mutationFn: (changes: ProfileUpdate) => read(api.web.PATCH("/api/web/profiles/me", { body: changes })),
  });
}
