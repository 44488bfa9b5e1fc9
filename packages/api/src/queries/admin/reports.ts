import { infiniteQueryOptions, mutationOptions, queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../../client";
import type * as admin from "../../admin.gen";
import { inPages, ROWS, type AdminShapes, type Asked } from "./shapes";

export type ReportKind = admin.paths["/api/admin/built-in-reports/{kind}"]["get"]["parameters"]["path"]["kind"];

export function listBuiltInReports(api: Api) {
  return queryOptions({
    queryKey: ["admin", "built-in-reports"],
    queryFn: ({ signal }) => read(api.admin.GET("/api/admin/built-in-reports", { signal })),
  });
}

export function runBuiltInReport(api: Api, kind: ReportKind, asked: Asked<"/api/admin/built-in-reports/{kind}">) {
  return queryOptions({
    queryKey: ["admin", "built-in-report", kind, asked],
    queryFn: ({ signal }) =>
      read(api.admin.GET("/api/admin/built-in-reports/{kind}", { params: { path: { kind }, query: asked }, signal })),
  });
}

/** Those that were kept, with what they said when they were. */
export function listReports(api: Api, asked: Asked<"/api/admin/reports">) {
  return infiniteQueryOptions({
    queryKey: ["admin", "reports", asked],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.admin.GET("/api/admin/reports", {
          params: { query: { ...asked, cursor: pageParam, limit: ROWS } },
          signal,
        }),
      ),
    ...inPages,
  });
}

export function keepReport(api: Api) {
  return mutationOptions({
    mutationFn: (report: AdminShapes["ReportCreate"]) => read(api.admin.POST("/api/admin/reports", { body: report })),
  });
}

export function deleteReport(api: Api) {
  return mutationOptions({
    mutationFn: (reportId: string) =>
      read(api.admin.DELETE("/api/admin/reports/{report_id}", { params: { path: { report_id: reportId } } })),
  });
}
