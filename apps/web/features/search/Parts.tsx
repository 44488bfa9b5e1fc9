import type { FoundPart } from "@dfworx/api";

/** What somebody wrote, with what was searched for marked. The pieces are plain text and stay it. */
export function Parts({ parts }: { parts: readonly FoundPart[] }) {
  return parts.map(({ text, hit }, at) =>
    hit ? (
      <mark key={at} className="bg-transparent font-semibold text-link">
        {text}
      </mark>
    ) : (
      text
    ),
  );
}
