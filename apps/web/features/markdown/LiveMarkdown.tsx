"use client";
/* Markdown in the browser: previews and comments. Nothing of the renderer is loaded before the first text is shown;
   until then, and while a part that a text newly needs is on its way, the words stand there as they were written or as
   they were shown last. */
import { lazy, Suspense, useDeferredValue } from "react";

import type { MarkdownProps } from "./Markdown";
import { useWords } from "./useWords";

const Markdown = lazy(() => import("./Markdown").then((module) => ({ default: module.Markdown })));

export function LiveMarkdown({ source, ...rest }: Omit<MarkdownProps, "words">) {
  const words = useWords();
  const shown = useDeferredValue(source);
  return (
    <Suspense fallback={<div className="prose waiting">{source}</div>}>
      <Markdown source={shown} words={words} {...rest} />
    </Suspense>
  );
}
