import { ApiProblem, getProfile, listPosts, type Profile } from "@dfworx/api";
import { HydrationBoundary, QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound } from "next/navigation";
import { cache } from "react";

import { PersonPage } from "@/features/people/PersonPage";
import { PersonSkeleton } from "@/features/people/PersonSkeleton";
import { ResumeSession } from "@/features/session/ResumeSession";
import { prefetch, readAsCaller } from "@/features/session/server";

interface Props {
  params: Promise<{ user_id: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const profile = await readProfile((await params).user_id);
  return profile === "signed-out" ? {} : { title: profile.name };
}

export default async function Page({ params }: Props) {
  const { user_id } = await params;
  const profile = await readProfile(user_id);
  if (profile === "signed-out") {
    return (
      <ResumeSession>
        <PersonSkeleton />
      </ResumeSession>
    );
  }
  const state = await prefetch((queries, api) =>
    queries.prefetchInfiniteQuery(listPosts(api, { author: profile.user_id, status: "published" })),
  );
  return (
    <HydrationBoundary state={state}>
      <PersonPage profile={profile} />
    </HydrationBoundary>
  );
}

/** Once a request, for the page and its title. */
const readProfile = cache(async (user_id: string): Promise<Profile | "signed-out"> =>
  readAsCaller(async (api) => {
    try {
      return await new QueryClient().fetchQuery(getProfile(api, user_id));
    } catch (error) {
      if (error instanceof ApiProblem && [404, 422].includes(error.status)) notFound();
      throw error;
    }
  }),
);
