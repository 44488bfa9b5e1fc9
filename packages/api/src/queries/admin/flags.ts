import { infiniteQueryOptions, mutationOptions, queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../../client";
import { inPages, ROWS, type AdminShapes, type Asked } from "./shapes";

export function listFlaggedThings(api: Api, asked: Asked<"/api/admin/flags">) {
  return infiniteQueryOptions({
    queryKey: ["admin", "flags", asked],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.admin.GET("/api/admin/flags", { params: { query: { ...asked, cursor: pageParam, limit: ROWS } }, signal }),
      ),
    ...inPages,
  });
}

export function listDecisions(api: Api, asked: Asked<"/api/admin/decisions">) {
  return infiniteQueryOptions({
    queryKey: ["admin", "decisions", asked],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.admin.GET("/api/admin/decisions", {
          params: { query: { ...asked, cursor: pageParam, limit: ROWS } },
          signal,
        }),
      ),
    ...inPages,
  });
}

type Kind = AdminShapes["FlaggedThing"]["kind"];

export function getFlaggedThing(api: Api, kind: Kind, entityId: string) {
  return queryOptions({
    queryKey: ["admin", "flag", kind, entityId],
    queryFn: ({ signal }) =>
      read(
        api.admin.GET("/api/admin/flags/{kind}/{entity_id}", {
          params: { path: { kind, entity_id: entityId } },
          signal,
        }),
      ),
  });
}

export interface DecisionOn {
  kind: Kind;
  entityId: string;
  decision: AdminShapes["DecisionCreate"];
}

export function decide(api: Api) {
  return mutationOptions({
    mutationFn: ({ kind, entityId, decision }: DecisionOn) =>
      read(
        api.admin.POST("/api/admin/flags/{kind}/{entity_id}/decisions", {
          params: { path: { kind, entity_id: entityId } },
          body: decision,
        }),
      ),
  });
}
