import { infiniteQueryOptions, mutationOptions, queryOptions } from "@tanstack/react-query";

import type * as auth from "../auth.gen";
import { read, type Api } from "../client";

export const ROLES = ["admin", "moderator", "member", "guest"] as const;
export type Role = (typeof ROLES)[number];
export type Member = auth.components["schemas"]["User"];

/** Everybody of the organization by name, those included who are deactivated or were imported. */
export function listMembers(api: Api, named: string) {
  return infiniteQueryOptions({
    queryKey: ["people", "members", named],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.auth.GET("/api/auth/users", {
          params: { query: { ...(named && { q: named }), cursor: pageParam, limit: 50 } },
          signal,
        }),
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export interface MemberChange {
  user_id: string;
  role?: Role;
  is_active?: boolean;
}

/** For admins. Whoever is deactivated is signed out everywhere. */
export function updateMember(api: Api) {
  return mutationOptions({
    mutationFn: ({ user_id, ...changes }: MemberChange) =>
      read(api.auth.PATCH("/api/auth/members/{user_id}", { params: { path: { user_id } }, body: changes })),
  });
}

/** The same for up to 200; what each alone would have been answered. */
export function updateMembers(api: Api) {
  return mutationOptions({
    mutationFn: (changes: auth.components["schemas"]["MembersUpdate"]) =>
      read(api.auth.PATCH("/api/auth/members", { body: changes })),
  });
}

/** For admins: signs somebody out everywhere. */
export function endSessionsOf(api: Api) {
  return mutationOptions({
    mutationFn: (user_id: string) =>
      read(api.auth.DELETE("/api/auth/members/{user_id}/sessions", { params: { path: { user_id } } })),
  });
}

/** Who is signed in, or null: for pages that are open to everybody. */
export function getMeOrNobody(api: Api) {
  return queryOptions({
    queryKey: ["me", "or-nobody"],
    queryFn: async ({ signal }) => {
      const answer = await api.auth.GET("/api/auth/me", { signal });
      return answer.response.status === 401 ? null : read(Promise.resolve(answer));
    },
  });
}

/** Name and picture of whoever is signed in. */
export function updateMe(api: Api) {
  return mutationOptions({
    mutationFn: (changes: auth.components["schemas"]["MeUpdate"]) =>
      read(api.auth.PATCH("/api/auth/me", { body: changes })),
  });
}
