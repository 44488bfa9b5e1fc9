import { queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../client";

/** All of them, in their order: a hundred is more than anybody files by. */
export function listCategories(api: Api) {
  return queryOptions({
    queryKey: ["categories"],
    queryFn: async ({ signal }) => {
      const page = await read(api.web.GET("/api/web/categories", { params: { query: { limit: 100 } }, signal }));
      return page.items;
    },
    staleTime: 5 * 60_000,
  });
}
