"use client";

import { useQueries } from "convex/react";
import {
  getFunctionName,
  makeFunctionReference,
  type FunctionArgs,
  type FunctionReference,
  type FunctionReturnType,
} from "convex/server";
import { useMemo } from "react";

/** As Convex's own useQuery, but a refusal is nothing rather than an error: what is beside the page never ends it. */
export function useWatched<Query extends FunctionReference<"query">>(
  query: Query,
  args: FunctionArgs<Query> | "skip",
): FunctionReturnType<Query> | undefined {
  const name = getFunctionName(query);
  const asked = JSON.stringify(args);
  const { value } = useQueries(
    useMemo(() => {
      const args = JSON.parse(asked) as FunctionArgs<Query> | "skip";
      return args === "skip" ? {} : { value: { query: makeFunctionReference<"query">(name), args } };
    }, [name, asked]),
  );
  return value instanceof Error ? undefined : (value as FunctionReturnType<Query> | undefined);
}
