"use client";

import type { Me } from "@dfworx/api";
import { live, type BesidePost, type Thread } from "@dfworx/api/live";
import { Button } from "@dfworx/ui/Button";
import { Menu, MenuItem, MenuLine } from "@dfworx/ui/Menu";
import { useToast } from "@dfworx/ui/Toast";
import { Tooltip } from "@dfworx/ui/Tooltip";
import { useMutation } from "convex/react";
import { Archive, ArchiveRestore, Ellipsis, FilePlus2, Pencil } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { useRefusal } from "@/features/live/refusal";
import { Boundary } from "@/features/shell/Boundary";

import type { MessageDoing, People } from "../message";
import { changeArchived } from "./change";
import { HereNow } from "./HereNow";
import { MakePostDialog } from "./MakePostDialog";
import { RenameThreadDialog } from "./NewThreadDialog";
import { Pinned } from "./Pinned";
import { ThreadSearch } from "./ThreadSearch";
import { isModerator } from "./useDeeds";

export interface ThreadHeaderProps {
  thread: Thread | BesidePost;
  me: Me;
  people: People;
  jump: MessageDoing["jump"];
}

/** What stands in the header of a thread's sheet beside its name: who is here, pins, search, make a post, more. */
export function ThreadHeader({ thread, me, people, jump }: ThreadHeaderProps) {
  const t = useTranslations("deeds");
  const [asking, ask] = useState<"post" | "name" | null>(null);
  const close = () => ask(null);
  const [archive, failure] = useArchiving(thread);
  const isArchived = thread.archived_at !== null;
  const isTheirs = thread.kind === "named" && (thread.created_by === me.user_id || isModerator(me));
  return (
    <div className="flex shrink-0 items-center gap-1">
      {failure && (
        <p role="alert" className="max-w-60 truncate text-xs text-danger">
          <Tooltip text={failure}>
            <span>{failure}</span>
          </Tooltip>
        </p>
      )}
      <HereNow threadId={thread.thread_id} people={people} />
      <Boundary fallback={() => null}>
        <Pinned threadId={thread.thread_id} people={people} jump={jump} />
      </Boundary>
      <ThreadSearch threadId={thread.thread_id} jump={jump} />
      <Button className="ms-1 max-md:hidden" onClick={() => ask("post")}>
        <FilePlus2 aria-hidden />
        {t("post.open")}
      </Button>
      <div className={isTheirs ? undefined : "md:hidden"}>
        <Menu
          align="end"
          trigger={
            <Button look="ghost" size="icon" aria-label={t("thread.more")} data-tooltip={t("thread.more")}>
              <Ellipsis aria-hidden />
            </Button>
          }
        >
          <MenuItem icon={<FilePlus2 aria-hidden />} onSelect={() => setTimeout(() => ask("post"))}>
            {t("post.open")}
          </MenuItem>
          {isTheirs && (
            <>
              <MenuLine />
              <MenuItem icon={<Pencil aria-hidden />} onSelect={() => setTimeout(() => ask("name"))}>
                {t("thread.rename")}
              </MenuItem>
              <MenuItem
                icon={isArchived ? <ArchiveRestore aria-hidden /> : <Archive aria-hidden />}
                onSelect={() => archive(!isArchived)}
              >
                {isArchived ? t("thread.reopen") : t("thread.archive")}
              </MenuItem>
            </>
          )}
        </Menu>
      </div>
      {asking === "post" && (
        <MakePostDialog threadId={thread.thread_id} name={thread.name} people={people} close={close} />
      )}
      {asking === "name" && thread.kind !== "post" && <RenameThreadDialog thread={thread} close={close} />}
    </div>
  );
}

/** Done at once, with undo; what is refused is taken back, and the reason stands where it was asked. */
function useArchiving(thread: Thread | BesidePost): [(isArchived: boolean) => void, string | null] {
  const t = useTranslations("deeds.thread");
  const tell = useToast();
  const reason = useRefusal();
  const [failure, setFailure] = useState<string | null>(null);
  const { thread_id } = thread;
  const archive = useMutation(live.threads.archive).withOptimisticUpdate((store, asked) =>
    changeArchived(store, asked.thread_id, asked.is_archived),
  );
  const run = (is_archived: boolean, isUndo = false) => {
    setFailure(null);
    archive({ thread_id, is_archived }).then(
      () => {
        if (isUndo) return;
        tell(is_archived ? t("archived") : t("reopened"), { label: t("undo"), run: () => run(!is_archived, true) });
      },
      (error: unknown) => setFailure(reason(error)),
    );
  };
  return [run, failure];
}
