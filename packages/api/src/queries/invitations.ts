import { infiniteQueryOptions, mutationOptions, queryOptions } from "@tanstack/react-query";

import type * as auth from "../auth.gen";
import { read, type Api } from "../client";

type Schemas = auth.components["schemas"];
export type Invitation = Schemas["Invitation"];
/** The one answer that has the link. */
export type NewInvitation = Schemas["NewInvitation"];
export type ReceivedInvitation = Schemas["ReceivedInvitation"];

/** For admins: those that wait for an answer. */
export function listInvitations(api: Api) {
  return infiniteQueryOptions({
    queryKey: ["invitations"],
    queryFn: ({ pageParam, signal }) =>
      read(api.auth.GET("/api/auth/invitations", { params: { query: { cursor: pageParam, limit: 50 } }, signal })),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
  });
}

export function createInvitation(api: Api) {
  return mutationOptions({
    mutationFn: (wanted: Schemas["InvitationCreate"]) => read(api.auth.POST("/api/auth/invitations", { body: wanted })),
  });
}

export function withdrawInvitation(api: Api) {
  return mutationOptions({
    mutationFn: (invitation_id: string) =>
      read(api.auth.DELETE("/api/auth/invitations/{invitation_id}", { params: { path: { invitation_id } } })),
  });
}

/** As whoever holds the token sees it. */
export function getReceivedInvitation(api: Api, token: string) {
  return queryOptions({
    queryKey: ["invitations", "received", token],
    queryFn: ({ signal }) =>
      read(api.auth.GET("/api/auth/invitations/{token}", { params: { path: { token } }, signal })),
    // It may be used or withdrawn at any moment.
    staleTime: 0,
  });
}

export interface InvitationAnswer {
  token: string;
  name?: string;
  password?: string;
}

/** Joins the organization and begins a session in it. */
export function acceptInvitation(api: Api) {
  return mutationOptions({
    mutationFn: ({ token, ...given }: InvitationAnswer) =>
      read(
        api.auth.POST("/api/auth/invitations/{token}/accept", {
          params: { path: { token } },
          body: { ...given, session: "cookie" },
        }),
      ),
  });
}
