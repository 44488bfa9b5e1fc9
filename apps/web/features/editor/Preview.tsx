"use client";

import { listPeople, listPostFiles } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQuery } from "@tanstack/react-query";
import { useTranslations } from "next-intl";
import { Component, useEffect, useState, type ReactNode } from "react";

import { LiveMarkdown } from "@/features/markdown/LiveMarkdown";

import type { Draft } from "./draft";

const PAUSE = 150;

interface PreviewProps {
  draft: Draft;
  title: string;
  postId: string | null;
  hidden: boolean;
}

/** As it will be read. */
export function Preview({ draft, title, postId, hidden }: PreviewProps) {
  const t = useTranslations("editor");
  const api = useApi();
  const source = useSource(draft, hidden);
  const hasFiles = source.includes("/api/web/files/");
  const known = useQuery({ ...listPostFiles(api, postId ?? ""), enabled: postId !== null && hasFiles });
  const { data: people } = useQuery({ ...listPeople(api), enabled: source.includes("@") });
  // Pictures are shown by addresses that are signed for this reader.
  const files = Object.fromEntries((known.data ?? []).map((file) => [file.file_id, file.url]));
  if (!title.trim() && !source.trim()) return <p className="text-ink-3">{t("nothingYet")}</p>;
  return (
    <article className="mx-auto max-w-[42rem]">
      {title.trim() && (
        <h2 className="mb-6 text-2xl font-semibold tracking-[-0.014em] text-balance break-words" dir="auto">
          {title}
        </h2>
      )}
      <Whole key={source.length === 0 ? "blank" : "text"} fallback={t("previewFailed")}>
        <LiveMarkdown source={source} {...{ files, people }} />
      </Whole>
    </article>
  );
}

/** The text a moment after it was changed: whoever types doesn't wait for what they will read. */
function useSource(draft: Draft, hidden: boolean): string {
  const [source, setSource] = useState(() => draft.text.read());
  useEffect(() => {
    if (hidden) return;
    let timer = setTimeout(() => setSource(draft.text.read()));
    const unfollow = draft.text.subscribe(() => {
      clearTimeout(timer);
      timer = setTimeout(() => setSource(draft.text.read()), PAUSE);
    });
    return () => {
      clearTimeout(timer);
      unfollow();
    };
  }, [draft, hidden]);
  return source;
}

/** A preview that fails leaves what is written alone. */
class Whole extends Component<{ fallback: string; children: ReactNode }, { failed: boolean }> {
  override state = { failed: false };

  static getDerivedStateFromError() {
    return { failed: true };
  }

  override render() {
    return this.state.failed ? <p className="text-sm text-danger">{this.props.fallback}</p> : this.props.children;
  }
}
