"use client";

import { decide, listFlaggedThings, type AdminShapes } from "@dfworx/api/admin";
import { useApi } from "@dfworx/api/react";
import { Badge } from "@dfworx/ui/Badge";
import { Button } from "@dfworx/ui/Button";
import { EmptyState } from "@dfworx/ui/State";
import { Time } from "@dfworx/ui/time/Time";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useId, useState } from "react";

import { Asked } from "@/features/shell/Asked";
import { More } from "@/features/shell/More";
import { Page } from "@/features/shell/Page";

type Thing = AdminShapes["FlaggedThing"];
const STATES = ["open", "decided"] as const;

export function Moderation() {
  const t = useTranslations("moderation");
  const [status, setStatus] = useState<(typeof STATES)[number]>("open");
  const things = useInfiniteQuery(listFlaggedThings(useApi(), { status }));
  return (
    <Page
      title={t("title")}
      actions={STATES.map((each) => (
        <Button
          key={each}
          size="small"
          look={each === status ? "secondary" : "ghost"}
          aria-pressed={each === status}
          onClick={() => setStatus(each)}
        >
          {t(`states.${each}`)}
        </Button>
      ))}
    >
      <Asked query={things}>
        {({ pages }) =>
          pages[0]?.items.length === 0 ? (
            <EmptyState title={t("noneTitle")}>{t("none")}</EmptyState>
          ) : (
            <ul className="flex max-w-180 flex-col gap-3">
              {pages
                .flatMap((page) => page.items)
                .map((thing) => (
                  <One key={`${thing.kind} ${thing.entity_id}`} thing={thing} isOpen={status === "open"} />
                ))}
            </ul>
          )
        }
      </Asked>
      <More query={things} />
    </Page>
  );
}

function One({ thing, isOpen }: { thing: Thing; isOpen: boolean }) {
  const t = useTranslations("moderation");
  const cached = useQueryClient();
  const id = useId();
  const [reason, setReason] = useState("");
  const deciding = useMutation({
    ...decide(useApi()),
    onSuccess: () => cached.invalidateQueries({ queryKey: ["admin", "flags"] }),
  });
  const send = (decision: "kept" | "removed") =>
    deciding.mutate({ kind: thing.kind, entityId: thing.entity_id, decision: { decision, reason: reason.trim() } });
  return (
    <li className="flex flex-col gap-2 rounded-md border border-line p-4">
      <p className="flex flex-wrap items-center gap-2 text-sm text-ink-2">
        <span className="font-medium text-ink">{t(`kinds.${thing.kind}`)}</span>
        {thing.author?.name}
        {Object.entries(thing.reasons).map(([name, count]) => (
          <Badge key={name}>{`${t(`reasons.${name as keyof Thing["reasons"] & "spam"}`)} ${count}`}</Badge>
        ))}
        <Time at={thing.last_at} className="ms-auto text-xs text-ink-3" />
      </p>
      <blockquote className="border-s-2 border-line-strong ps-3 break-words whitespace-pre-wrap" dir="auto">
        {thing.excerpt}
      </blockquote>
      {isOpen && (
        <>
          <label htmlFor={id} className="text-sm font-medium">
            {t("reason")}
          </label>
          <textarea
            id={id}
            rows={2}
            maxLength={1000}
            value={reason}
            onChange={(event) => setReason(event.target.value)}
            className="rounded-sm border border-field bg-sheet px-2.5 py-1.5 text-base focus-visible:border-ring"
          />
          {deciding.error && (
            <p role="alert" className="text-sm text-danger">
              {deciding.error.message}
            </p>
          )}
          <div className="flex gap-2">
            <Button disabled={!reason.trim()} onClick={() => send("kept")}>
              {t("keep")}
            </Button>
            <Button look="danger" disabled={!reason.trim()} onClick={() => send("removed")}>
              {t("remove")}
            </Button>
          </div>
        </>
      )}
    </li>
  );
}
