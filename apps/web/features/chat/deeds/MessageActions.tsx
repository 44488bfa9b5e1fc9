"use client";

import type { Me } from "@dfworx/api";
import type { Message } from "@dfworx/api/live";
import { Button } from "@dfworx/ui/Button";
import { Menu, MenuItem, MenuLine } from "@dfworx/ui/Menu";
import clsx from "clsx";
import { Ellipsis, Pin, PinOff, Reply } from "lucide-react";
import { useTranslations } from "next-intl";
import { Fragment, useRef, useState } from "react";

import type { MessageDoing } from "../message";
import { ActionSheet } from "./ActionSheet";
import { MakePostDialog } from "./MakePostDialog";
import { ReactButton } from "./ReactButton";
import { RemoveMessage } from "./RemoveMessage";
import { TagsDialog } from "./TagsDialog";
import { useActions } from "./useActions";
import { useDeeds } from "./useDeeds";
import { useRow } from "./useRow";

export interface MessageActionsProps {
  message: Message;
  me: Me;
  doing: MessageDoing;
}

export type Asking = "tags" | "post" | "remove" | "menu" | null;

/** The bar at a message under the pointer or focus: react, reply, pin, and more in a menu. It stands in the message's
 * `article` or `li`, which is its frame, and makes nothing before somebody comes near. */
export function MessageActions(props: MessageActionsProps) {
  return props.message.removed_at === null && <Standing {...props} />;
}

function Standing({ message, me, doing }: MessageActionsProps) {
  const anchor = useRef<HTMLSpanElement>(null);
  const [asking, ask] = useState<Asking>(null);
  const deeds = useDeeds(message, me);
  const isMine = message.user_id === me.user_id;
  const isNear = useRow(anchor, {
    letters: { r: () => doing.reply(message), p: deeds.pin, ...(isMine && { e: () => doing.edit(message) }) },
    menu: () => ask("menu"),
  });
  // Once there it stays, only unseen: a menu that is open keeps its opener.
  const [wasNear, setWasNear] = useState(false);
  if (isNear && !wasNear) setWasNear(true);
  const close = () => ask(null);
  return (
    <>
      <span ref={anchor} hidden />
      {wasNear && <Bar {...{ message, me, doing, isNear, ask }} />}
      {asking === "menu" && <ActionSheet {...{ message, me, doing, ask, close }} />}
      {asking === "tags" && <TagsDialog {...{ message, me, close }} />}
      {asking === "post" && <MakePostDialog threadId={message.thread_id} name={null} only={message} close={close} />}
      {asking === "remove" && <RemoveMessage {...{ message, isMine, close }} />}
    </>
  );
}

interface BarProps extends MessageActionsProps {
  isNear: boolean;
  ask: (asking: Asking) => void;
}

function Bar({ message, me, doing, isNear, ask }: BarProps) {
  const t = useTranslations("deeds");
  const deeds = useDeeds(message, me);
  const groups = useActions({ message, me, doing, ask });
  const isPinned = message.pinned_at !== null;
  return (
    <div
      role="group"
      aria-label={t("actions")}
      className={clsx(
        "absolute -top-3.5 end-4 z-1 flex items-center gap-0.5 rounded-md border border-line-strong bg-raised p-0.5 shadow-pop pointer-coarse:hidden",
        !isNear && "invisible has-[[aria-expanded=true]]:visible",
      )}
    >
      <ReactButton choose={deeds.react} />
      <Button
        look="ghost"
        size="smallIcon"
        aria-label={t("reply")}
        data-tooltip={t("reply")}
        data-tooltip-shortcut="R"
        data-tooltip-side="top"
        onClick={() => doing.reply(message)}
      >
        <Reply className="rtl:-scale-x-100" aria-hidden />
      </Button>
      <Button
        look="ghost"
        size="smallIcon"
        aria-label={isPinned ? t("unpin") : t("pin")}
        data-tooltip={isPinned ? t("unpin") : t("pin")}
        data-tooltip-shortcut="P"
        data-tooltip-side="top"
        onClick={deeds.pin}
      >
        {isPinned ? <PinOff aria-hidden /> : <Pin aria-hidden />}
      </Button>
      <Menu
        align="end"
        trigger={
          <Button look="ghost" size="smallIcon" aria-label={t("more")} data-tooltip={t("more")} data-tooltip-side="top">
            <Ellipsis aria-hidden />
          </Button>
        }
      >
        {groups.map((actions, at) => (
          <Fragment key={actions[0]?.name}>
            {at > 0 && <MenuLine />}
            {actions.map(({ name, label, icon, shortcut, danger, act }) => (
              <MenuItem
                key={name}
                icon={icon}
                onSelect={act}
                {...(shortcut && { shortcut })}
                {...(danger && { danger })}
              >
                {label}
              </MenuItem>
            ))}
          </Fragment>
        ))}
      </Menu>
    </div>
  );
}
