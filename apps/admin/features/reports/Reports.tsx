"use client";

import { runBuiltInReport, type ReportKind } from "@dfworx/api/admin";
import { useApi } from "@dfworx/api/react";
import { Button } from "@dfworx/ui/Button";
import { Select } from "@dfworx/ui/Select";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { useTranslations } from "next-intl";
import { useState } from "react";

import { Asked } from "@/features/shell/Asked";
import { Page } from "@/features/shell/Page";
import { RangeChoice, type Range } from "@/features/shell/RangeChoice";

import { KeptReports } from "./KeptReports";
import { ReportTable } from "./ReportTable";

const KINDS = [
  "growth",
  "engagement",
  "content_health",
  "response_time",
  "empty_searches",
] as const satisfies ReportKind[];

/** One report of a range, as it is now, to be read, taken along or kept; below it those that were kept. */
export function Reports() {
  const t = useTranslations("reports");
  const [kind, setKind] = useState<ReportKind>("growth");
  const [range, setRange] = useState<Range>("30d");
  const report = useQuery({
    ...runBuiltInReport(useApi(), kind, { range }),
    placeholderData: keepPreviousData,
  });
  const file = (format: string) => `/api/admin/built-in-reports/${kind}/export?range=${range}&format=${format}`;
  return (
    <Page
      title={t("title")}
      actions={
        <>
          <Select
            size="small"
            aria-label={t("which")}
            value={kind}
            onChange={(event) => setKind(event.target.value as ReportKind)}
          >
            {KINDS.map((each) => (
              <option key={each} value={each}>
                {t(`kinds.${each}`)}
              </option>
            ))}
          </Select>
          <RangeChoice range={range} onChoose={setRange} />
          {(["csv", "json"] as const).map((format) => (
            <Button key={format} asChild size="small">
              <a href={file(format)} download>
                <Download aria-hidden />
                {format.toUpperCase()}
              </a>
            </Button>
          ))}
        </>
      }
    >
      <div className="flex flex-col gap-6">
        <section aria-label={t(`kinds.${kind}`)}>
          <p className="mb-3 max-w-180 text-sm text-ink-2">{t(`about.${kind}`)}</p>
          <Asked query={report}>{(result) => <ReportTable result={result} />}</Asked>
        </section>
        <KeptReports
          kind={kind}
          range={range}
          onOpen={(kept) => {
            setKind(kept.kind);
            setRange(kept.range);
          }}
        />
      </div>
    </Page>
  );
}
