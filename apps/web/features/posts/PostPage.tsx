import type { Category, Post } from "@dfworx/api";
import { Avatar } from "@dfworx/ui/Avatar";
import { Badge } from "@dfworx/ui/Badge";
import Link from "next/link";
import { useTranslations } from "next-intl";

import { CommentsButton } from "@/features/comments";
import { EditButton } from "@/features/editor/Doors";
import { Markdown, readHeadings } from "@/features/markdown";
import { useWords } from "@/features/markdown/useWords";
import { HistoryButton } from "@/features/revisions/HistoryButton";
import { AlsoHere } from "@/features/presence/AlsoHere";
import { Sheet } from "@/features/shell/Sheet";
import { Time } from "@dfworx/ui/time/Time";
import { pathOfCategory } from "@/features/shell/paths";

import { Contents, ContentsMenu } from "./Contents";

const WORDS_A_MINUTE = 220;

interface PostPageProps {
  post: Post;
  categories: Category[];
  /** Signed addresses by file id. */
  files: Readonly<Record<string, string>>;
}

/** A post to read. Rendered on the server, its Markdown too: a reader's browser loads no renderer. */
export function PostPage({ post, categories, files }: PostPageProps) {
  const t = useTranslations("post");
  const posts = useTranslations("posts");
  const words = useWords();
  const category = categories.find((each) => each.slug === post.category);
  const headings = readHeadings(post.content).filter((each) => each.depth <= 3);
  const minutes = Math.max(1, Math.round(post.content.split(/\s+/).length / WORDS_A_MINUTE));
  const dated = post.published_at ?? post.created_at;
  return (
    <Sheet
      isTrail
      title={<Trail post={post} category={category} />}
      actions={
        <>
          <AlsoHere postId={post.post_id} />
          {headings.length > 1 && <ContentsMenu headings={headings} label={t("onThisPage")} />}
          <HistoryButton slug={post.slug} />
          <CommentsButton post={post} />
          <EditButton
            post={{
              slug: post.slug,
              status: post.status,
              author: post.author,
              visibility: post.visibility,
              editors: post.editors,
            }}
          />
        </>
      }
    >
      <div className="mx-auto grid w-full max-w-[64rem] grow grid-cols-[minmax(150px,200px)_minmax(0,42rem)] content-start justify-center gap-x-10 px-6 pt-8 pb-20 @max-[50rem]/sheet:grid-cols-[minmax(0,42rem)] @max-[50rem]/sheet:px-4.5 @max-[50rem]/sheet:pt-5 xl:gap-x-14">
        <div className="@max-[50rem]/sheet:hidden">
          {headings.length > 1 && <Contents headings={headings} label={t("onThisPage")} />}
        </div>
        <article className="min-w-0">
          <h1
            className="text-2xl font-semibold tracking-[-0.014em] text-balance break-words max-md:text-[1.625rem] max-md:leading-8"
            dir="auto"
          >
            {post.title}
          </h1>
          <div className="mt-3 mb-9 flex flex-wrap items-center gap-x-2 gap-y-1.5 text-sm text-ink-3">
            <Avatar person={post.author} decorative />
            <span className="font-medium text-ink-2" dir="auto">
              {post.author.name}
            </span>
            <Dot />
            <span>
              {t("published")} <Time at={dated} />
            </span>
            {post.version > 1 && (
              <>
                <Dot />
                <span>
                  {t("updated")} <Time at={post.updated_at} />
                </span>
              </>
            )}
            <Dot />
            <span>{t("minutes", { count: minutes })}</span>
            {post.status !== "published" && <Badge>{posts(`statuses.${post.status}`)}</Badge>}
          </div>
          <Markdown source={post.content} files={files} words={words} />
        </article>
      </div>
    </Sheet>
  );
}

function Trail({ post, category }: { post: Post; category: Category | undefined }) {
  const t = useTranslations("posts");
  return (
    <ol className="flex min-w-0 items-center gap-1.5 text-ink-3">
      <li className="shrink-0">
        <Link href="/posts" className="hover:text-ink">
          {t("title")}
        </Link>
      </li>
      {category && (
        <li className="flex min-w-0 shrink items-center gap-1.5 before:content-['/'] max-md:hidden">
          <Link href={pathOfCategory(category.slug)} className="truncate hover:text-ink" dir="auto">
            {category.name}
          </Link>
        </li>
      )}
      <li className="flex min-w-0 items-center gap-1.5 before:content-['/']">
        <span className="truncate font-medium text-ink" dir="auto">
          {post.title}
        </span>
      </li>
    </ol>
  );
}

function Dot() {
  return <span aria-hidden>·</span>;
}
