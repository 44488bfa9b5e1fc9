import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../../client";
import { inPages, ROWS, type Asked } from "./shapes";

/** With when each was here last; `listMembers` is everybody's list. */
export function listAdminMembers(api: Api, asked: Asked<"/api/admin/members">) {
  return infiniteQueryOptions({
    queryKey: ["admin", "members", asked],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.admin.GET("/api/admin/members", {
          params: { query: { ...asked, cursor: pageParam, limit: ROWS } },
          signal,
        }),
      ),
    ...inPages,
  });
}

export function listMemberSessions(api: Api, userId: string) {
  return queryOptions({
    queryKey: ["admin", "member-sessions", userId],
    queryFn: ({ signal }) =>
      read(api.admin.GET("/api/admin/members/{user_id}/sessions", { params: { path: { user_id: userId } }, signal })),
  });
}
