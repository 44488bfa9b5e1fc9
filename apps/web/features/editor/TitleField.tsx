"use client";

import { CircleAlert } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";

import type { Draft } from "./draft";
import { LONGEST_TITLE } from "./fields";
import type { Deeds } from "./useDeeds";

interface TitleFieldProps {
  draft: Draft;
  title: string;
  deeds: Deeds;
  /** Enter goes on to the text. */
  onEnter: () => void;
  isNew: boolean;
}

/** It grows with its lines, and keeps none of its own. */
export function TitleField({ draft, title, deeds, onEnter, isNew }: TitleFieldProps) {
  const t = useTranslations("editor");
  const field = useRef<HTMLTextAreaElement>(null);
  const isMissing = deeds.missing === "title";
  useEffect(() => {
    if (isMissing || isNew) field.current?.focus();
  }, [isMissing, isNew]);
  return (
    <div>
      <textarea
        ref={field}
        rows={1}
        dir="auto"
        value={title}
        maxLength={LONGEST_TITLE}
        aria-label={t("title")}
        aria-invalid={isMissing || undefined}
        aria-describedby={isMissing ? "title-missing" : undefined}
        placeholder={t("titleExample")}
        className="field-sizing-content block w-full resize-none bg-transparent text-xl font-semibold tracking-[-0.01em] text-balance outline-none"
        onChange={(event) => {
          if (event.target.value.trim()) deeds.clearMissing();
          draft.change({ title: event.target.value.replace(/[\r\n]+/g, " ") });
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || event.metaKey || event.ctrlKey || event.nativeEvent.isComposing) return;
          event.preventDefault();
          onEnter();
        }}
      />
      {isMissing && (
        <p id="title-missing" role="alert" className="mt-1 flex gap-1.5 text-xs text-danger">
          <CircleAlert className="mt-px size-3.5 shrink-0" aria-hidden />
          {t("titleMissing")}
        </p>
      )}
    </div>
  );
}
