import { ApiProblem, getPostBySlug, type Post } from "@dfworx/api";
import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { notFound, redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";
import { cache } from "react";

import { EditorPage } from "@/features/editor/EditorPage";
import { EditorSkeleton } from "@/features/editor/EditorSkeleton";
import { ResumeSession } from "@/features/session/ResumeSession";
import { readAsCaller } from "@/features/session/server";
import { pathOfEditor } from "@/features/shell/paths";

interface Props {
  params: Promise<{ slug: string }>;
}

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  const t = await getTranslations("editor");
  const post = await readPost((await params).slug);
  return { title: post === "signed-out" ? t("editTitle") : t("titleOf", { title: post.title }) };
}

export default async function Page({ params }: Props) {
  const { slug } = await params;
  const post = await readPost(slug);
  if (post === "signed-out") {
    return (
      <ResumeSession>
        <EditorSkeleton />
      </ResumeSession>
    );
  }
  if (post.slug !== decodeURIComponent(slug)) redirect(pathOfEditor(post.slug));
  return <EditorPage post={post} />;
}

/** Once a request, for the page and its title. */
const readPost = cache(async (slug: string): Promise<Post | "signed-out"> =>
  readAsCaller(async (api) => {
    try {
      return await new QueryClient().fetchQuery(getPostBySlug(api, decodeURIComponent(slug)));
    } catch (error) {
      if (error instanceof ApiProblem && [404, 422].includes(error.status)) notFound();
      throw error;
    }
  }),
);
