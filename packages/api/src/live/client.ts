import type { ConvexReactClient } from "convex/react";
import type { FunctionReference } from "convex/server";

/** What is needed of an official client: `ConvexClient` has it, and `fromReact` makes it of React's. */
export type LiveClient = {
  onUpdate(
    query: FunctionReference<"query">,
    args: Record<string, unknown>,
    look: (value: unknown) => void,
    fail: (error: Error) => void,
  ): () => void;
  mutation(mutation: FunctionReference<"mutation">, args: Record<string, unknown>): Promise<unknown>;
  action(action: FunctionReference<"action">, args: Record<string, unknown>): Promise<unknown>;
};

/** For what `useConvex()` gives. */
export function fromReact(client: ConvexReactClient): LiveClient {
  return {
    onUpdate: (query, args, look, fail) => {
      const watch = client.watchQuery(query, args);
      const show = () => {
        let value: unknown;
        try {
          value = watch.localQueryResult();
        } catch (error) {
          fail(error as Error);
          return;
        }
        if (value !== undefined) look(value);
      };
      const stop = watch.onUpdate(show);
      show();
      return stop;
    },
    mutation: (mutation, args) => client.mutation(mutation, args),
    action: (action, args) => client.action(action, args),
  };
}
