"use client";

import { getAuditLog, listAuditLogs, type AdminShapes } from "@dfworx/api/admin";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { Input } from "@dfworx/ui/Field";
import { Select } from "@dfworx/ui/Select";
import { EmptyState, NothingFound } from "@dfworx/ui/State";
import { Time } from "@dfworx/ui/time/Time";
import { keepPreviousData, useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { ChevronDown, Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { Asked } from "@/features/shell/Asked";
import { More } from "@/features/shell/More";
import { Page } from "@/features/shell/Page";

import { isThing, keyOf, THINGS } from "./things";

const ACTIONS = ["insert", "update", "delete"] as const;
type Entry = AdminShapes["AuditLog"];

export function AuditLog() {
  const t = useTranslations("audit");
  const api = useApi();
  const [action, setAction] = useState<(typeof ACTIONS)[number] | null>(null);
  const [entity, setEntity] = useState("");
  const [since, setSince] = useState("");
  const asked = {
    ...(action && { action }),
    ...(entity && { entity }),
    // The day begins where the admin is.
    ...(since && { from: new Date(`${since}T00:00`).toISOString() }),
  };
  const isNarrowed = Object.keys(asked).length > 0;
  const log = useInfiniteQuery({ ...listAuditLogs(api, asked), placeholderData: keepPreviousData });
  return (
    <Page
      title={t("title")}
      actions={
        <>
          <Select
            size="small"
            aria-label={t("thing")}
            value={entity}
            onChange={(event) => setEntity(event.target.value)}
          >
            <option value="">{t("anyThing")}</option>
            {THINGS.map((each) => (
              <option key={each} value={each}>
                {t(`kinds.${keyOf(each)}`)}
              </option>
            ))}
          </Select>
          <label className="flex items-center gap-2 text-sm text-ink-2">
            {t("since")}
            <Input type="date" value={since} onChange={(event) => setSince(event.target.value)} />
          </label>
          <div role="group" aria-label={t("which")} className="flex gap-1">
            {[null, ...ACTIONS].map((each) => (
              <Button
                key={each}
                size="small"
                look={each === action ? "secondary" : "ghost"}
                aria-pressed={each === action}
                onClick={() => setAction(each)}
              >
                {t(`actions.${each ?? "all"}`)}
              </Button>
            ))}
          </div>
          <Button asChild>
            <a
              href={`/api/admin/audit-logs/export?${new URLSearchParams({ format: "csv", ...asked }).toString()}`}
              download
            >
              <Download aria-hidden />
              {t("export")}
            </a>
          </Button>
        </>
      }
    >
      <Asked query={log}>
        {({ pages }) =>
          pages[0]?.items.length === 0 ? (
            isNarrowed ? (
              <NothingFound title={t("nothingTitle")}>{t("nothing")}</NothingFound>
            ) : (
              <EmptyState title={t("noneTitle")}>{t("none")}</EmptyState>
            )
          ) : (
            <ol className="overflow-hidden rounded-md border border-line">
              {pages
                .flatMap((page) => page.items)
                .map((entry) => (
                  <Row key={entry.audit_log_id} entry={entry} />
                ))}
            </ol>
          )
        }
      </Asked>
      <More query={log} />
    </Page>
  );
}

function Row({ entry }: { entry: Entry }) {
  const t = useTranslations("audit");
  const [isOpen, setOpen] = useState(false);
  return (
    <li className="border-b border-line last:border-b-0">
      <button
        type="button"
        aria-expanded={isOpen}
        onClick={() => setOpen(!isOpen)}
        className="flex w-full items-center gap-3 px-3 py-2 text-start text-sm hover:bg-hover focus-visible:-outline-offset-2"
      >
        <ChevronDown
          className={isOpen ? "size-4 shrink-0 text-ink-3" : "size-4 shrink-0 -rotate-90 text-ink-3"}
          aria-hidden
        />
        <span className="min-w-0 grow truncate">
          <span className="font-medium" dir="auto">
            {entry.actor?.name ?? t("nobody", { service: entry.service })}
          </span>{" "}
          {t(`did.${entry.action}`, {
            thing: isThing(entry.entity) ? t(`things.${keyOf(entry.entity)}`) : entry.entity,
          })}
        </span>
        <span className="font-mono text-2xs text-ink-3 max-md:hidden">{entry.entity}</span>
        <Time at={entry.created_at} className="shrink-0 text-xs text-ink-3" />
      </button>
      {isOpen && <Detail id={entry.audit_log_id} />}
    </li>
  );
}

function Detail({ id }: { id: number }) {
  const t = useTranslations("audit");
  const entry = useQuery(getAuditLog(useApi(), id));
  return (
    <div className="bg-sunken px-3 py-3 text-sm">
      <Asked query={entry}>
        {({ changes, position, hash }) => (
          <>
            <table className="w-full text-start">
              <thead className="text-xs text-ink-3">
                <tr>
                  {(["field", "before", "after"] as const).map((each) => (
                    <th key={each} scope="col" className="py-1 pe-3 text-start font-medium">
                      {t(each)}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {changes.map((change) => (
                  <tr key={change.field} className="border-t border-line align-top">
                    <th scope="row" className="py-1 pe-3 text-start font-mono text-xs font-normal">
                      {change.field}
                    </th>
                    <td className="max-w-80 py-1 pe-3 break-words text-ink-2">
                      {change.is_told ? written(change.before) : t("untold")}
                    </td>
                    <td className="max-w-80 py-1 break-words">
                      {change.is_told ? written(change.after) : t("untold")}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
            <p className="mt-2 font-mono text-2xs break-all text-ink-3">{t("link", { position, hash })}</p>
          </>
        )}
      </Asked>
    </div>
  );
}

function written(value: unknown): string {
  return value === null || value === undefined ? "" : typeof value === "string" ? value : JSON.stringify(value);
}
