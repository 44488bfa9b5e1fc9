import { ApiProblem, getPostBySlug, listCategories, type Category, type Post } from "@dfworx/api";
import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound, permanentRedirect } from "next/navigation";
import { cache } from "react";

import { PostPage } from "@/features/posts/PostPage";
import { PostSkeleton } from "@/features/posts/PostSkeleton";
import { ResumeSession } from "@/features/session/ResumeSession";
import { readAsCaller } from "@/features/session/server";

interface Props {
  params: Promise<{ slug: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const read = await readPost((await params).slug);
  return read === "signed-out" ? {} : { title: read.post.title };
}

export default async function Page({ params }: Props) {
  const { slug } = await params;
  const read = await readPost(slug);
  if (read === "signed-out") {
    return (
      <ResumeSession>
        <PostSkeleton />
      </ResumeSession>
    );
  }
  // The service follows an old slug to where the post is now.
  if (read.post.slug !== decodeURIComponent(slug)) permanentRedirect(`/posts/${encodeURIComponent(read.post.slug)}`);
  return <PostPage {...read} />;
}

/** Once a request, for the page and its title. */
const readPost = cache(async (slug: string): Promise<{ post: Post; categories: Category[] } | "signed-out"> =>
  readAsCaller(async (api) => {
    const queries = new QueryClient();
    try {
      const [post, categories] = await Promise.all([
        queries.fetchQuery(getPostBySlug(api, decodeURIComponent(slug))),
        queries.fetchQuery(listCategories(api)),
      ]);
      return { post, categories };
    } catch (error) {
      if (error instanceof ApiProblem && [404, 422].includes(error.status)) notFound();
      throw error;
    }
  }),
);
