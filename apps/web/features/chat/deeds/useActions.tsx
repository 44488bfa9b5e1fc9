import { Circle, Copy, FilePlus2, Link2, Pencil, Pin, PinOff, Reply, Tag, Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

import { pathOfThread } from "@/features/shell/paths";

import type { Asking, MessageActionsProps } from "./MessageActions";
import { isModerator, useDeeds } from "./useDeeds";

export interface Action {
  name: string;
  label: string;
  icon: ReactNode;
  act: () => void;
  shortcut?: string;
  danger?: boolean;
}

interface Asked extends MessageActionsProps {
  ask: (asking: Asking) => void;
}

/** All that can be done with a message, in groups, the same in its menu and in its sheet. */
export function useActions({ message, me, doing, ask }: Asked): Action[][] {
  const t = useTranslations("deeds");
  const { pin } = useDeeds(message, me);
  const isMine = message.user_id === me.user_id;
  const isPinned = message.pinned_at !== null;
  // After the menu has given the focus back: these take it elsewhere.
  const afterwards = (act: () => void) => () => void setTimeout(act);
  const copy = (text: string) => () => void navigator.clipboard.writeText(text);
  const link = () => window.location.origin + pathOfThread(message.thread_id, message.number);
  const edit: Action = {
    name: "edit",
    label: t("edit"),
    icon: <Pencil aria-hidden />,
    act: afterwards(() => doing.edit(message)),
    shortcut: "E",
  };
  const remove: Action = {
    name: "remove",
    label: t("remove"),
    icon: <Trash2 aria-hidden />,
    act: afterwards(() => ask("remove")),
    danger: true,
  };
  const groups: Action[][] = [
    [
      {
        name: "reply",
        label: t("reply"),
        icon: <Reply className="rtl:-scale-x-100" aria-hidden />,
        act: afterwards(() => doing.reply(message)),
        shortcut: "R",
      },
      ...(isMine ? [edit] : []),
      // What was imported is new to nobody.
      ...(message.number > 0
        ? [
            {
              name: "unread",
              label: t("markUnread"),
              icon: <Circle aria-hidden />,
              act: () => doing.markUnread(message),
            },
          ]
        : []),
      {
        name: "pin",
        label: isPinned ? t("unpin") : t("pin"),
        icon: isPinned ? <PinOff aria-hidden /> : <Pin aria-hidden />,
        act: pin,
        shortcut: "P",
      },
      { name: "tags", label: t("chooseTags"), icon: <Tag aria-hidden />, act: afterwards(() => ask("tags")) },
      { name: "post", label: t("makePostOf"), icon: <FilePlus2 aria-hidden />, act: afterwards(() => ask("post")) },
    ],
    [
      ...(message.text
        ? [{ name: "text", label: t("copyText"), icon: <Copy aria-hidden />, act: copy(message.text) }]
        : []),
      { name: "link", label: t("copyLink"), icon: <Link2 aria-hidden />, act: () => copy(link())() },
    ],
  ];
  return isMine || isModerator(me) ? [...groups, [remove]] : groups;
}
