"use client";

import { compareRevisions, getRevision, type Post, type RevisionItem } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Bar } from "@dfworx/ui/Skeleton";
import { useQuery } from "@tanstack/react-query";
import clsx from "clsx";
import { ArrowLeft } from "lucide-react";
import { useTranslations } from "next-intl";

import { LiveMarkdown } from "@/features/markdown/LiveMarkdown";
import { Failed } from "@/features/shell/Failed";
import { Time } from "@dfworx/ui/time/Time";

import { DifferenceView } from "./DifferenceView";
import { RestoreButton } from "./RestoreButton";
import { useShown } from "./useShown";

interface Props {
  post: Post;
  version: number;
  /** Absent while its page of the list hasn't been loaded. */
  item: RevisionItem | undefined;
  current: RevisionItem | undefined;
  mayRestore: boolean;
}

/** One version: what it changed, or all that it says. */
export function RevisionView({ post, version, item, current, mayRestore }: Props) {
  const t = useTranslations("revisions");
  const { shown, linkTo } = useShown();
  const isCurrent = version === current?.version;
  const tabs = [
    { label: t("changes"), on: shown.view === "changes", to: { version, view: "changes" } as const },
    { label: t("text"), on: shown.view === "text", to: { version, view: "text" } as const },
  ];
  return (
    <>
      <div className="sticky top-0 z-1 flex shrink-0 flex-wrap items-center gap-x-3 gap-y-2 border-b border-line bg-sheet px-5 py-2 @max-[50rem]/sheet:px-4">
        <a
          {...linkTo({ version: null })}
          aria-label={t("back")}
          className="-ms-2 grid size-9 place-items-center rounded-sm text-ink-2 hover:bg-hover @min-[50rem]/sheet:hidden pointer-coarse:size-11 rtl:[&_svg]:-scale-x-100"
        >
          <ArrowLeft className="size-5 stroke-[1.75]" aria-hidden />
        </a>
        <div className="min-w-0 grow">
          <h2 className="truncate font-semibold">{t("version", { version })}</h2>
          {item && (
            <p className="truncate text-xs text-ink-3">
              <span dir="auto">{item.author.name}</span> · <Time at={item.created_at} />
            </p>
          )}
        </div>
        <nav aria-label={t("view")} className="flex gap-0.5">
          {tabs.map(({ label, on, to }) => (
            <a key={label} {...linkTo(to)} aria-current={on ? "page" : undefined} className={tab(on)}>
              {label}
            </a>
          ))}
        </nav>
        {mayRestore && current && !isCurrent && <RestoreButton post={post} version={version} current={current} />}
        {isCurrent && <p className="text-xs text-ink-3">{t("isNow")}</p>}
      </div>
      {shown.view === "text" ? (
        <WholeText post={post} version={version} />
      ) : (
        <>
          {!isCurrent && current && (
            <nav
              aria-label={t("against")}
              className="flex shrink-0 flex-wrap items-center gap-1 px-5 pt-3 text-xs text-ink-3 @max-[50rem]/sheet:px-4"
            >
              <span>{t("against")}</span>
              <a
                {...linkTo({ version, against: "before" })}
                aria-current={shown.against === "before" ? "page" : undefined}
                className={tab(shown.against === "before", true)}
              >
                {t("before")}
              </a>
              <a
                {...linkTo({ version, against: "now" })}
                aria-current={shown.against === "now" ? "page" : undefined}
                className={tab(shown.against === "now", true)}
              >
                {t("now")}
              </a>
            </nav>
          )}
          <Changes
            post={post}
            {...(shown.against === "now" && current && !isCurrent
              ? { version: current.version, against: version }
              : { version })}
          />
        </>
      )}
    </>
  );
}

function tab(on: boolean, small = false): string {
  return clsx(
    "inline-flex items-center rounded-sm px-2 font-medium focus-visible:rounded-sm pointer-coarse:h-11",
    small ? "h-6 text-xs" : "h-7 text-sm",
    on ? "bg-hover text-ink" : "text-ink-2 hover:text-ink",
  );
}

function Changes({ post, version, against }: { post: Post; version: number; against?: number }) {
  const t = useTranslations("revisions");
  const difference = useQuery(compareRevisions(useApi(), post.post_id, version, against));
  if (difference.data) return <DifferenceView difference={difference.data} />;
  if (difference.isError) {
    return <Failed title={t("differenceFailed")} error={difference.error} again={() => void difference.refetch()} />;
  }
  return <Lines label={t("loadingDifference")} />;
}

function WholeText({ post, version }: { post: Post; version: number }) {
  const t = useTranslations("revisions");
  const revision = useQuery(getRevision(useApi(), post.post_id, version));
  if (revision.isError) {
    return <Failed title={t("textFailed")} error={revision.error} again={() => void revision.refetch()} />;
  }
  if (!revision.data) return <Lines label={t("loading")} />;
  return (
    <article className="mx-auto w-full max-w-[42rem] px-5 py-6 @max-[50rem]/sheet:px-4">
      <h3 className="mb-6 text-2xl font-semibold tracking-[-0.014em] text-balance break-words" dir="auto">
        {revision.data.title}
      </h3>
      <LiveMarkdown source={revision.data.content} />
    </article>
  );
}

function Lines({ label }: { label: string }) {
  return (
    <div role="status" aria-busy="true" className="late space-y-3 px-5 py-5">
      <span className="sr-only">{label}</span>
      {["w-2/3", "w-1/2", "w-4/5", "w-3/5", "w-2/5"].map((width) => (
        <Bar key={width} className={`h-3 ${width}`} />
      ))}
    </div>
  );
}
