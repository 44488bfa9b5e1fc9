"use client";

import type { Me, Post } from "@dfworx/api";
import { Badge } from "@dfworx/ui/Badge";
import { Button } from "@dfworx/ui/Button";
import { Tooltip } from "@dfworx/ui/Tooltip";
import clsx from "clsx";
import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useTranslations } from "next-intl";
import { useEffect, useState } from "react";

import { Sheet } from "@/features/shell/Sheet";
import { Time } from "@dfworx/ui/time/Time";
import { pathOfPost } from "@/features/shell/paths";

import { CategoryMenu } from "./CategoryMenu";
import { Notices } from "./Notices";
import { Preview } from "./Preview";
import { PublishButton } from "./PublishButton";
import { mayDecide } from "./rights";
import { SaveState } from "./SaveState";
import { Source, type Writing } from "./Source";
import { TitleField } from "./TitleField";
import { Toolbar } from "./Toolbar";
import { useDeeds } from "./useDeeds";
import { useDraft } from "./useDraft";
import { useMode } from "./useMode";
import { useSharing } from "./useSharing";
import { VisibilityMenu } from "./VisibilityMenu";
import { WritersHere } from "./WritersHere";

/** Source beside preview where there is room, else one of the two. */
export function Editor({ post: opened, me, title }: { post: Post | null; me: Me; title?: string | undefined }) {
  const t = useTranslations("editor");
  const posts = useTranslations("posts");
  const { draft, state } = useDraft(opened, me, title);
  const sharing = useSharing(draft, state.post?.post_id ?? null, me);
  const deeds = useDeeds(draft);
  const [mode, setMode] = useMode();
  const [writing, setWriting] = useState<Writing | null>(null);
  const { post, fields } = state;
  const isOwn = !post || post.author.user_id === me.user_id;
  const decides = mayDecide(post, me);
  const publishes = decides && (draft.savesItself || post?.status === "archived");
  const finish = () => void (publishes ? deeds.publish() : deeds.save());
  useEffect(() => {
    // From anywhere on the page, but not from what lies over it.
    const keys = (event: KeyboardEvent) => {
      const isMod = event.metaKey || event.ctrlKey;
      if (!isMod || event.isComposing || event.defaultPrevented || event.repeat) return;
      if (event.target instanceof Element && event.target.closest("[role=dialog], [role=menu]")) return;
      if (event.key === "Enter") finish();
      else if (event.code === "KeyS") void (draft.savesItself ? draft.save() : deeds.save());
      else return;
      event.preventDefault();
    };
    window.addEventListener("keydown", keys);
    return () => window.removeEventListener("keydown", keys);
  });
  const back = post ? (post.status === "draft" ? "/posts?status=draft" : pathOfPost(post.slug)) : "/posts";
  return (
    <Sheet
      isTrail
      title={
        <div className="flex min-w-0 items-center gap-2.5">
          <Tooltip text={t("back")}>
            <Button asChild look="ghost" size="icon" className="-ms-2.5 max-md:-ms-3">
              <Link href={back} aria-label={t("back")}>
                <ArrowLeft className="rtl:-scale-x-100" aria-hidden />
              </Link>
            </Button>
          </Tooltip>
          <h1 className="min-w-0 truncate text-base font-semibold" dir="auto">
            {fields.title.trim() || (post ? t("editTitle") : t("newTitle"))}
          </h1>
          {post?.status === "archived" && <Badge>{posts("statuses.archived")}</Badge>}
          {(!post || post.status === "draft") && (
            <span className="@max-[30rem]/sheet:hidden">
              <Badge>
                {post?.publish_at
                  ? t.rich("publishesAt", { when: () => <Time at={post.publish_at ?? ""} /> })
                  : posts("statuses.draft")}
              </Badge>
            </span>
          )}
          <SaveState state={state} />
        </div>
      }
      actions={
        <>
          {sharing && <WritersHere writers={sharing.writers} />}
          <span className="@max-[44rem]/sheet:hidden">
            <VisibilityMenu draft={draft} state={state} me={me} isOwn={isOwn} />
          </span>
          <PublishButton draft={draft} state={state} deeds={deeds} isOwn={isOwn} decides={decides} finish={finish} />
        </>
      }
      tools={
        <>
          <Notices draft={draft} state={state} />
          <Toolbar writing={writing} mode={mode} onMode={setMode} />
        </>
      }
    >
      <div className="flex min-h-0 grow">
        <section
          aria-label={t("write")}
          className={clsx("min-w-0 flex-1 basis-0 overflow-y-auto scroll-quiet", mode === "read" && "hidden")}
        >
          <div className="ps-[3.75rem] pe-5 pt-5 @max-[44rem]/sheet:ps-4 @max-[44rem]/sheet:pe-4">
            <TitleField
              draft={draft}
              title={fields.title}
              deeds={deeds}
              onEnter={() => writing?.view.focus()}
              isNew={!opened}
            />
            <div className="mt-1.5 -ms-2 flex flex-wrap items-center gap-1">
              <CategoryMenu category={fields.category} choose={(category) => draft.change({ category })} />
              <span className="@min-[44rem]/sheet:hidden">
                <VisibilityMenu draft={draft} state={state} me={me} isOwn={isOwn} />
              </span>
            </div>
          </div>
          <Source draft={draft} onReady={setWriting} missing={deeds.missing} />
        </section>
        <section
          aria-label={t("preview")}
          // It scrolls, so it takes focus.
          // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
          tabIndex={0}
          className={clsx(
            "min-w-0 flex-1 basis-0 overflow-y-auto scroll-quiet border-line px-7 pt-6 pb-16 focus-visible:-outline-offset-2 @max-[44rem]/sheet:px-4",
            mode === "write" && "hidden",
            mode === "both" && "border-s @max-[60rem]/sheet:hidden",
          )}
        >
          <Preview draft={draft} title={fields.title} postId={post?.post_id ?? null} hidden={mode === "write"} />
        </section>
      </div>
    </Sheet>
  );
}
