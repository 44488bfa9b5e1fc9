"use client";

import { Button, Key } from "@dfworx/ui/Button";
import { Menu, MenuItem, MenuLine } from "@dfworx/ui/Menu";
import { useToast } from "@dfworx/ui/Toast";
import clsx from "clsx";
import { Archive, ChevronDown, Clock, ClockFading, Send, Trash2, Undo2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef, useState } from "react";

import type { Draft } from "./draft";
import type { DraftState } from "./draftState";
import { ScheduleDialog } from "./ScheduleDialog";
import type { Deeds } from "./useDeeds";
import { useShortcut } from "./useShortcut";

interface PublishButtonProps {
  draft: Draft;
  state: DraftState;
  deeds: Deeds;
  isOwn: boolean;
  /** Who doesn't saves what they wrote, and has nothing else to do with it. */
  decides: boolean;
  finish: () => void;
}

/** The next step, and beside it all others. */
export function PublishButton({ draft, state, deeds, isOwn, decides, finish }: PublishButtonProps) {
  const t = useTranslations("editor");
  const shortcut = useShortcut();
  const tell = useToast();
  const [scheduling, setScheduling] = useState(false);
  const opener = useRef<HTMLButtonElement>(null);
  const close = () => {
    setScheduling(false);
    setTimeout(() => opener.current?.focus());
  };
  const { post, saving } = state;
  const status = post?.status ?? "draft";
  const isDraft = status === "draft";
  const isBusy = deeds.busy === "publish" || deeds.busy === "save";
  const next = isDraft ? t("publish") : status === "archived" ? t("publishAgain") : t("save");
  const label = decides ? next : t("save");
  const hasMore = decides || saving === "held";
  return (
    <div className="flex shrink-0">
      <Button
        look="primary"
        className={clsx(hasMore && "rounded-e-none")}
        busy={isBusy && (deeds.busy === "publish" ? t("publishing") : t("savingNow"))}
        disabled={saving === "blank" || saving === "conflict"}
        onClick={finish}
      >
        {label}
        <span className="contents @max-[75rem]/sheet:hidden">
          <Key onPrimary>{shortcut("↵")}</Key>
        </span>
      </Button>
      {hasMore && (
        <Menu
          align="end"
          trigger={
            <Button
              ref={opener}
              look="primary"
              className="w-7 rounded-s-none border-s-on-primary/35 px-0! pointer-coarse:w-11"
              aria-label={t("moreDeeds")}
              disabled={saving === "blank" || deeds.busy !== null}
            >
              <ChevronDown aria-hidden />
            </Button>
          }
        >
          {isDraft && isOwn && (
            <MenuItem icon={<Clock aria-hidden />} onSelect={() => setScheduling(true)}>
              {post?.publish_at ? t("reschedule") : t("schedule")}
            </MenuItem>
          )}
          {decides && post?.publish_at && (
            <MenuItem icon={<ClockFading aria-hidden />} onSelect={() => void deeds.unschedule()}>
              {t("unschedule")}
            </MenuItem>
          )}
          {saving === "held" && (
            <MenuItem
              icon={<Undo2 aria-hidden />}
              onSelect={() => tell(t("changesDiscarded"), { label: t("undo"), run: draft.discard() })}
            >
              {t("discardChanges")}
            </MenuItem>
          )}
          {decides && status === "archived" && saving === "held" && (
            <MenuItem icon={<Send aria-hidden />} onSelect={() => void deeds.save()}>
              {t("save")}
            </MenuItem>
          )}
          {decides && status === "published" && (
            <MenuItem icon={<Archive aria-hidden />} onSelect={() => void deeds.archive()}>
              {t("archive")}
            </MenuItem>
          )}
          {decides && (
            <>
              <MenuLine />
              <MenuItem danger icon={<Trash2 aria-hidden />} onSelect={() => void deeds.trash()}>
                {post ? t("trash") : t("discard")}
              </MenuItem>
            </>
          )}
        </Menu>
      )}
      {scheduling && (
        <ScheduleDialog publishAt={post?.publish_at ?? null} deeds={deeds} state={state} onClose={close} />
      )}
    </div>
  );
}
