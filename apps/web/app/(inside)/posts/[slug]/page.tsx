import { ApiProblem, getPostBySlug, listCategories, listPostFiles, type Category, type Post } from "@dfworx/api";
import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { cookies } from "next/headers";
import { notFound, permanentRedirect } from "next/navigation";
import { cache } from "react";

import { BESIDE_COOKIE, tabBeside } from "@/features/beside/beside";
import { BesidePost } from "@/features/beside/BesidePost";
import { PostPanel } from "@/features/beside/PostPanel";
import { CommentsAhead } from "@/features/comments";
import { PostOpened } from "@/features/notifications/PostOpened";
import { PostPage } from "@/features/posts/PostPage";
import { PostSkeleton } from "@/features/posts/PostSkeleton";
import { PostRead } from "@/features/reads/PostRead";
import { ResumeSession } from "@/features/session/ResumeSession";
import { readAsCaller } from "@/features/session/server";
import { pathOfPost } from "@/features/shell/paths";

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
  if (read.post.slug !== decodeURIComponent(slug)) permanentRedirect(pathOfPost(read.post.slug));
  const wish = (await cookies()).get(BESIDE_COOKIE)?.value;
  const { post } = read;
  const tab = tabBeside(wish, post.comment_count);
  return (
    <BesidePost key={post.post_id} tab={tab}>
      <PostOpened postId={post.post_id} slug={post.slug} title={post.title} />
      {post.status !== "draft" && <PostRead postId={post.post_id} />}
      <PostPage {...read} />
      <CommentsAhead postId={post.post_id} isOpen={tab === "comments"}>
        <PostPanel post={post} />
      </CommentsAhead>
    </BesidePost>
  );
}

interface Read {
  post: Post;
  categories: Category[];
  /** Signed addresses of what is attached, by id; asked for only where the text has any. */
  files: Record<string, string>;
}

/** Once a request, for the page and its title. */
const readPost = cache(async (slug: string): Promise<Read | "signed-out"> =>
  readAsCaller(async (api) => {
    const queries = new QueryClient();
    try {
      const [post, categories] = await Promise.all([
        queries.fetchQuery(getPostBySlug(api, decodeURIComponent(slug))),
        queries.fetchQuery(listCategories(api)),
      ]);
      const attached = post.content.includes("/api/web/files/")
        ? await queries.fetchQuery(listPostFiles(api, post.post_id))
        : [];
      return { post, categories, files: Object.fromEntries(attached.map((each) => [each.file_id, each.url])) };
    } catch (error) {
      if (error instanceof ApiProblem && [404, 422].includes(error.status)) notFound();
      throw error;
    }
  }),
);
