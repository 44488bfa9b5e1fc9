"use client";

import { Button } from "@dfworx/ui/Button";
import { Dialog } from "@dfworx/ui/Dialog";
import clsx from "clsx";
import { useTranslations } from "next-intl";

import { plainExcerpt } from "@/features/notifications/excerpt";

import type { Asking, MessageActionsProps } from "./MessageActions";
import { QuickEmojis } from "./ReactButton";
import { useActions } from "./useActions";
import { useDeeds } from "./useDeeds";

const SHOWN = 120;
/** The dialog has given the focus back by then: what is done may take it elsewhere. */
const AFTER_CLOSING_MS = 50;

interface ActionSheetProps extends MessageActionsProps {
  ask: (asking: Asking) => void;
  close: () => void;
}

/** What the bar and its menu have, where there is no pointer: by a long press, or the menu key. */
export function ActionSheet({ message, me, doing, ask, close }: ActionSheetProps) {
  const t = useTranslations("deeds");
  const deeds = useDeeds(message, me);
  const groups = useActions({ message, me, doing, ask });
  return (
    <Dialog
      open
      onOpenChange={close}
      title={t("actions")}
      description={<bdi className="line-clamp-2 break-words">{plainExcerpt(message.text).slice(0, SHOWN)}</bdi>}
      actions={<Button onClick={close}>{t("close")}</Button>}
    >
      <QuickEmojis
        className="mb-2"
        choose={(emoji) => {
          close();
          deeds.react(emoji);
        }}
      />
      <ul className="-mx-2">
        {groups.flatMap((actions, group) =>
          actions.map(({ name, label, icon, act, danger }, at) => (
            <li key={name} className={clsx(group > 0 && at === 0 && "mt-1 border-t border-line pt-1")}>
              <button
                type="button"
                onClick={() => {
                  close();
                  setTimeout(act, AFTER_CLOSING_MS);
                }}
                className={clsx(
                  "flex min-h-9 w-full items-center gap-2.5 rounded-sm px-2 text-start hover:bg-hover pointer-coarse:min-h-11 [&_svg]:size-4 [&_svg]:shrink-0 [&_svg]:stroke-[1.75]",
                  danger ? "text-danger" : "text-ink [&_svg]:text-ink-3",
                )}
              >
                {icon}
                {label}
              </button>
            </li>
          )),
        )}
      </ul>
    </Dialog>
  );
}
