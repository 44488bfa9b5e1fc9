"use client";

import { listLogGroups, listSystemLogs } from "@dfworx/api/admin";
import { useApi } from "@dfworx/api/react";
import { Badge } from "@dfworx/ui/Badge";
import { Button } from "@dfworx/ui/Button";
import { EmptyState } from "@dfworx/ui/State";
import { Time } from "@dfworx/ui/time/Time";
import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { Asked } from "@/features/shell/Asked";
import { More } from "@/features/shell/More";
import { Page } from "@/features/shell/Page";
import { SearchField } from "@/features/shell/SearchField";
import { useTyped } from "@/features/shell/useTyped";

const LEVELS = ["error", "warning", "info", "debug"] as const;
const LOOK_AGAIN_MS = 3_000;

export function SystemLogs() {
  const t = useTranslations("logs");
  const [level, setLevel] = useState<(typeof LEVELS)[number] | null>(null);
  const [isGrouped, setGrouped] = useState(false);
  const [typed, setTyped, words] = useTyped();
  const asked = { ...(level && { level }), ...(words && { q: words }) };
  return (
    <Page
      title={t("title")}
      actions={
        <>
          <SearchField label={t("search")} value={typed} onType={setTyped} />
          {[null, ...LEVELS].map((each) => (
            <Button
              key={each}
              size="small"
              look={each === level ? "secondary" : "ghost"}
              aria-pressed={each === level}
              onClick={() => setLevel(each)}
            >
              {t(`levels.${each ?? "all"}`)}
            </Button>
          ))}
          <Button size="small" aria-pressed={isGrouped} onClick={() => setGrouped(!isGrouped)}>
            {t("grouped")}
          </Button>
        </>
      }
    >
      {isGrouped ? <Groups asked={asked} /> : <Lines asked={asked} />}
    </Page>
  );
}

interface Props {
  asked: { level?: (typeof LEVELS)[number]; q?: string };
}

function Lines({ asked }: Props) {
  const t = useTranslations("logs");
  const logs = useInfiniteQuery({
    ...listSystemLogs(useApi(), asked),
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_AGAIN_MS,
  });
  return (
    <>
      <Asked query={logs}>
        {({ pages }) =>
          pages[0]?.items.length === 0 ? (
            <EmptyState title={t("noneTitle")}>{t("none")}</EmptyState>
          ) : (
            <ol className="overflow-hidden rounded-md border border-line font-mono text-xs">
              {pages
                .flatMap((page) => page.items)
                .map((line) => (
                  <li key={line.system_log_id} className="flex gap-3 border-b border-line px-3 py-1.5 last:border-b-0">
                    <Time at={line.created_at} className="shrink-0 text-ink-3" />
                    <span className="w-16 shrink-0 text-ink-2">{line.level}</span>
                    <span className="w-16 shrink-0 text-ink-2">{line.service}</span>
                    <span className="min-w-0 break-words">{line.message}</span>
                  </li>
                ))}
            </ol>
          )
        }
      </Asked>
      <More query={logs} />
    </>
  );
}

function Groups({ asked }: Props) {
  const t = useTranslations("logs");
  const groups = useInfiniteQuery({ ...listLogGroups(useApi(), asked), placeholderData: keepPreviousData });
  return (
    <>
      <Asked query={groups}>
        {({ pages }) =>
          pages[0]?.items.length === 0 ? (
            <EmptyState title={t("noneTitle")}>{t("none")}</EmptyState>
          ) : (
            <ul className="overflow-hidden rounded-md border border-line text-sm">
              {pages
                .flatMap((page) => page.items)
                .map((group) => (
                  <li
                    key={group.fingerprint}
                    className="flex items-center gap-3 border-b border-line px-3 py-2 last:border-b-0"
                  >
                    <Badge>{group.count}</Badge>
                    <span className="min-w-0 grow break-words">{group.message}</span>
                    <span className="text-xs text-ink-3">{group.service}</span>
                    <Time at={group.last_at} className="shrink-0 text-xs text-ink-3" />
                  </li>
                ))}
            </ul>
          )
        }
      </Asked>
      <More query={groups} />
    </>
  );
}
