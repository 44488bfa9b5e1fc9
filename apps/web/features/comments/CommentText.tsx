"use client";

import type { ReactNode } from "react";

import { LiveMarkdown } from "@/features/markdown/LiveMarkdown";

import { scopeOf } from "./keys";

interface Props {
  source: string;
  /** Its id, so that headings and footnotes of two comments are told apart. */
  id: string;
  people?: { user_id: string; name: string | null }[];
  /** The same as the server has laid it out. */
  rendered?: ReactNode;
}

/** The words of a comment: as in a post, but smaller, and no heading of it is larger than the person's name. */
export function CommentText({ source, id, people = [], rendered }: Props) {
  return (
    <div className="mt-0.5 [--fs-2xl:var(--fs-chat)] [--fs-lg:var(--fs-chat)] [--fs-prose:var(--fs-chat)] [--fs-xl:var(--fs-chat)] [--lh-2xl:var(--lh-chat)] [--lh-lg:var(--lh-chat)] [--lh-prose:var(--lh-chat)] [--lh-xl:var(--lh-chat)] [&_.prose>*+*]:mt-2">
      {rendered ?? <LiveMarkdown source={source} scope={scopeOf(id)} people={people} />}
    </div>
  );
}
