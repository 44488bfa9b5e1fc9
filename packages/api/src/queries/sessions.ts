import { mutationOptions, queryOptions } from "@tanstack/react-query";

import type * as auth from "../auth.gen";
import { read, type Api } from "../client";

export type UserSession = auth.components["schemas"]["UserSession"];

/** Where one is signed in to this organization, the newest use first. */
export function listSessions(api: Api) {
  return queryOptions({
    queryKey: ["sessions"],
    queryFn: async ({ signal }) => {
      const page = await read(api.auth.GET("/api/auth/sessions", { signal }));
      return page.items;
    },
  });
}

export function endSession(api: Api) {
  return mutationOptions({
    mutationFn: (session_id: string) =>
      read(api.auth.DELETE("/api/auth/sessions/{session_id}", { params: { path: { session_id } } })),
  });
}

/** This one too. */
export function endAllSessions(api: Api) {
  return mutationOptions({ mutationFn: () => read(api.auth.POST("/api/auth/logout-all")) });
}
