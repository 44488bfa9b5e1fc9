"use client";

import type { Notification } from "@dfworx/api";
import { useTranslations } from "next-intl";

import { Continuation } from "@/features/shell/Continuation";
import { useShortcut } from "@/features/shortcuts/Shortcuts";
import { useRows } from "@/features/shortcuts/useRows";
import { useHeadings } from "@/features/time/useHeadings";

import { groupNotifications } from "./group";
import { InboxRow } from "./InboxRow";
import { useMarking } from "./useMarking";

interface InboxListProps {
  told: Notification[];
  more: boolean;
  loading: boolean;
  failed: boolean;
  loadMore: () => void;
}

export function InboxList({ told, ...rest }: InboxListProps) {
  const t = useTranslations("finding.inbox");
  const marking = useMarking();
  const list = useRows<HTMLDivElement>();
  const sections = groupNotifications(told, useHeadings());
  useShortcut("markUnread", () => {
    const id = document.activeElement instanceof HTMLElement ? document.activeElement.dataset.row : undefined;
    const row = sections.flatMap((section) => section.told).find((each) => each.key === id);
    if (row) marking.mutate({ ids: row.all.map((each) => each.notification_id), isRead: !row.isRead });
  });
  return (
    <div ref={list} role="region" aria-label={t("list")}>
      {sections.map(({ heading, told: rows }, at) => (
        // Headings can come twice only where a clock went back.
        <section key={`${heading} ${at}`}>
          <h2 className="sticky top-0 z-1 mt-1.5 flex h-[30px] items-center bg-sheet ps-[46px] pe-5 text-xs font-medium text-ink-3 @max-[44rem]/sheet:ps-8">
            {heading}
          </h2>
          <ul>
            {rows.map((row) => (
              <InboxRow key={row.key} told={row} />
            ))}
          </ul>
        </section>
      ))}
      <Continuation {...rest} label={t("loadingMore")} length={told.length} />
    </div>
  );
}
