"use client";

import { deleteReport, keepReport, listReports, type AdminShapes, type ReportKind } from "@dfworx/api/admin";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { Input } from "@dfworx/ui/Field";
import { Time } from "@dfworx/ui/time/Time";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { Trash2 } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState, type SyntheticEvent } from "react";

import { Asked } from "@/features/shell/Asked";
import { More } from "@/features/shell/More";
import { RANGES, type Range } from "@/features/shell/RangeChoice";

type Report = AdminShapes["Report"];

interface Chosen {
  kind: ReportKind;
  range: Range;
}

interface Props extends Chosen {
  onOpen: (kept: Chosen) => void;
}

/** Reports under a name, for all admins, with what they said when they were kept. */
export function KeptReports({ kind, range, onOpen }: Props) {
  const t = useTranslations("reports");
  const api = useApi();
  const cached = useQueryClient();
  const [title, setTitle] = useState("");
  const again = { onSettled: () => cached.invalidateQueries({ queryKey: ["admin", "reports"] }) };
  const kept = useInfiniteQuery(listReports(api, {}));
  const keeping = useMutation({ ...keepReport(api), ...again, onSuccess: () => setTitle("") });
  const deleting = useMutation({ ...deleteReport(api), ...again });
  const onSubmit = (event: SyntheticEvent) => {
    event.preventDefault();
    keeping.mutate({ kind, title: title.trim(), parameters: { range } });
  };
  const problem = keeping.error ?? deleting.error;
  return (
    <section aria-label={t("kept")}>
      <h2 className="mb-2 text-sm font-medium">{t("kept")}</h2>
      <form onSubmit={onSubmit} className="mb-3 flex max-w-120 gap-2">
        <Input
          aria-label={t("name")}
          placeholder={t("name")}
          value={title}
          maxLength={300}
          onChange={(event) => setTitle(event.target.value)}
        />
        <Button type="submit" disabled={!title.trim()} busy={keeping.isPending && t("keeping")}>
          {t("keep")}
        </Button>
      </form>
      {problem && (
        <p role="alert" className="mb-3 text-sm text-danger">
          {problem.message}
        </p>
      )}
      <Asked query={kept}>
        {({ pages }) =>
          pages[0]?.items.length === 0 ? (
            <p className="text-sm text-ink-2">{t("noneKept")}</p>
          ) : (
            <ul className="overflow-hidden rounded-md border border-line">
              {pages
                .flatMap((page) => page.items)
                .map((report) => (
                  <One
                    key={report.report_id}
                    report={report}
                    onOpen={onOpen}
                    onDelete={() => deleting.mutate(report.report_id)}
                  />
                ))}
            </ul>
          )
        }
      </Asked>
      <More query={kept} />
    </section>
  );
}

function One({ report, onOpen, onDelete }: { report: Report; onOpen: Props["onOpen"]; onDelete: () => void }) {
  const t = useTranslations("reports");
  const kind = report.kind as ReportKind;
  const range = RANGES.find((each) => each === report.parameters.range) ?? "30d";
  return (
    <li className="flex min-h-11 items-center gap-3 border-b border-line px-3 py-1.5 text-sm last:border-b-0">
      <span className="min-w-0 grow truncate font-medium" dir="auto">
        {report.title}
      </span>
      <span className="text-xs text-ink-3 max-md:hidden">
        {t(`kinds.${kind}`)} · {t("days", { days: Number.parseInt(range, 10) })}
      </span>
      <Time at={report.created_at} className="text-xs text-ink-3 max-md:hidden" />
      <Button size="small" onClick={() => onOpen({ kind, range })}>
        {t("run")}
      </Button>
      <Button size="icon" look="ghost" aria-label={t("delete", { title: report.title })} onClick={onDelete}>
        <Trash2 aria-hidden />
      </Button>
    </li>
  );
}
