import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../../client";
import type * as admin from "../../admin.gen";
import { inPages, ROWS, type Asked } from "./shapes";

export type CountedFigure = admin.paths["/api/admin/overview/{figure}/rows"]["get"]["parameters"]["path"]["figure"];

/** Each figure beside that of the range before, and its days. */
export function getOverview(api: Api, asked: Asked<"/api/admin/overview">) {
  return queryOptions({
    queryKey: ["admin", "overview", asked],
    queryFn: ({ signal }) => read(api.admin.GET("/api/admin/overview", { params: { query: asked }, signal })),
  });
}

/** What a figure counts: as many rows as it says. */
export function listOverviewRows(api: Api, figure: CountedFigure, asked: Asked<"/api/admin/overview/{figure}/rows">) {
  return infiniteQueryOptions({
    queryKey: ["admin", "overview-rows", figure, asked],
    queryFn: ({ pageParam, signal }) =>
      read(
        api.admin.GET("/api/admin/overview/{figure}/rows", {
          params: { path: { figure }, query: { ...asked, cursor: pageParam, limit: ROWS } },
          signal,
        }),
      ),
    ...inPages,
  });
}
