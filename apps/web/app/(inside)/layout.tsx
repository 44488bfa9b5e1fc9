import { countUnread, countUnreadPosts, getMe, listCategories } from "@dfworx/api";
import { HydrationBoundary } from "@tanstack/react-query";
import type { ReactNode } from "react";

import "@/features/markdown/prose.css";
import "@/features/markdown/code.css";
import { CarriedChoices } from "@/features/appearance/CarriedChoices";
import { prefetch } from "@/features/session/server";
import { convexUrl } from "@/env";
import { Live } from "@/features/live/Live";
import { Shell } from "@/features/shell/Shell";

export default async function InsideLayout({ children }: { children: ReactNode }) {
  const state = await prefetch((queries, api) =>
    Promise.all([
      queries.prefetchQuery(getMe(api)),
      queries.prefetchQuery(listCategories(api)),
      queries.prefetchQuery(countUnread(api)),
      queries.prefetchQuery(countUnreadPosts(api)),
    ]),
  );
  return (
    <HydrationBoundary state={state}>
      <Live convexUrl={convexUrl()}>
        <Shell>{children}</Shell>
      </Live>
      <CarriedChoices />
    </HydrationBoundary>
  );
}
