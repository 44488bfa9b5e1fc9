import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../../client";
import { inPages, ROWS, type Asked } from "./shapes";

export function listAuditLogs(api: Api, asked: Asked<"/api/admin/audit-logs">) {
  return infiniteQueryOptions({
    queryKey: ["admin", "audit-logs", asked],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.admin.GET("/api/admin/audit-logs", {
          params: { query: { ...asked, cursor: pageParam, limit: ROWS } },
          signal,
        }),
      ),
    ...inPages,
  });
}

/** With what was there before and after. */
export function getAuditLog(api: Api, auditLogId: number) {
  return queryOptions({
    queryKey: ["admin", "audit-log", auditLogId],
    queryFn: ({ signal }) =>
      read(
        api.admin.GET("/api/admin/audit-logs/{audit_log_id}", {
          params: { path: { audit_log_id: auditLogId } },
          signal,
        }),
      ),
    staleTime: Infinity,
  });
}
