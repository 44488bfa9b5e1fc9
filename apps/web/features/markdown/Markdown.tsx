/* The one place that turns Markdown into what people see. It is the same component on the server and in the browser: it
   has no state, and what it must load (tools.ts) it reads with `use`, so in the browser it stands inside a Suspense
   boundary (LiveMarkdown.tsx). It makes elements and never a string of HTML, so nothing is parsed a second time. */
import { toJsxRuntime } from "hast-util-to-jsx-runtime";
import { use } from "react";
import { Fragment, jsx, jsxs } from "react/jsx-runtime";
import { CopyCode } from "./CopyCode";
import { finish } from "./finish";
import { nameHeadings, prefixOf } from "./headings";
import type { Person } from "./mentions";
import { parse } from "./parse";
import { type Tools, toolsFor } from "./tools";
import { english, type Words } from "./words";

export interface MarkdownProps {
  source: string;
  /** The path on this site that relative addresses start from. */
  base?: string | undefined;
  /** Told apart from other texts on the same page (a comment's id), so that no two have the same ids. */
  scope?: string | undefined;
  /** Signed addresses by file id, for pictures and links written as /api/web/files/ID. */
  files?: Readonly<Record<string, string>> | undefined;
  /** Who is marked where `@Name` is typed. */
  people?: readonly Person[] | undefined;
  words?: Words | undefined;
}

export function Markdown(props: MarkdownProps) {
  return <Prose {...props} tools={use(toolsFor(props.source))} />;
}

function Prose({ source, base = "/", scope, files, people, words = english, tools }: MarkdownProps & { tools: Tools }) {
  const prefix = prefixOf(scope);
  let content = null;
  try {
    const tree = parse(source, prefix, words, tools.raw);
    if (tree) {
      nameHeadings(tree, prefix);
      content = toJsxRuntime(finish(tree, { base, files, people, tools, words }), {
        Fragment,
        jsx,
        jsxs,
        tableCellAlignToStyle: false,
        components: { button: () => <CopyCode copy={words.copy} copied={words.copied} /> },
      });
    }
  } catch (error) {
    // A text nested so deeply that even the limits' own parser ran out of stack. Anything else is our mistake.
    if (!(error instanceof RangeError)) throw error;
  }
  return content ? <div className="prose">{content}</div> : <Plain source={source} words={words} />;
}

function Plain({ source, words }: { source: string; words: Words }) {
  return (
    <div className="prose">
      <p className="plain-note">{words.plain}</p>
      <pre className="plain" dir="auto">
        {source}
      </pre>
    </div>
  );
}
