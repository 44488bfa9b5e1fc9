import { queryOptions } from "@tanstack/react-query";

import { read, type Api } from "../client";

/** Who is signed in, and to which organization. */
export function getMe(api: Api) {
  return queryOptions({
    queryKey: ["me"],
    queryFn: ({ signal }) => read(api.auth.GET("/api/auth/me", { signal })),
    staleTime: 5 * 60_000,
  });
}

/** The person's organizations, of which one is current. */
export function listOrganizations(api: Api) {
  return queryOptions({
    queryKey: ["organizations"],
    queryFn: async ({ signal }) => {
      const page = await read(api.auth.GET("/api/auth/organizations", { signal }));
      return page.items;
    },
    staleTime: 5 * 60_000,
  });
}

/** People of the organization, to choose from. */
export function listPeople(api: Api) {
  return queryOptions({
    queryKey: ["people"],
    queryFn: async ({ signal }) => {
      const page = await read(api.auth.GET("/api/auth/users", { params: { query: { limit: 100 } }, signal }));
      return page.items;
    },
    staleTime: 5 * 60_000,
  });
}

/** Whose name has these letters, of an organization of thousands; without any, the first of all. */
export function searchPeople(api: Api, words: string) {
  return queryOptions({
    queryKey: ["people", "search", words],
    queryFn: async ({ signal }) => {
      const query = { q: words || null, limit: 20 };
      return (await read(api.auth.GET("/api/auth/users", { params: { query }, signal }))).items;
    },
    staleTime: 5 * 60_000,
  });
}
