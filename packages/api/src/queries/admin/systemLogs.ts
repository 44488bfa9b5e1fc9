import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../../client";
import { inPages, ROWS, type Asked } from "./shapes";

export function listSystemLogs(api: Api, asked: Asked<"/api/admin/system-logs">) {
  return infiniteQueryOptions({
    queryKey: ["admin", "system-logs", asked],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.admin.GET("/api/admin/system-logs", {
          params: { query: { ...asked, cursor: pageParam, limit: ROWS } },
          signal,
        }),
      ),
    ...inPages,
  });
}

export function listLogGroups(api: Api, asked: Asked<"/api/admin/system-logs/groups">) {
  return infiniteQueryOptions({
    queryKey: ["admin", "log-groups", asked],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.admin.GET("/api/admin/system-logs/groups", {
          params: { query: { ...asked, cursor: pageParam, limit: ROWS } },
          signal,
        }),
      ),
    ...inPages,
  });
}

/** Asked again every few seconds, as long as somebody looks. */
export function getSystemHealth(api: Api) {
  return queryOptions({
    queryKey: ["admin", "system-health"],
    queryFn: ({ signal }) => read(api.admin.GET("/api/admin/system-health", { signal })),
    refetchInterval: 5_000,
  });
}
