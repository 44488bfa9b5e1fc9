"use client";

import { closeBrackets, closeBracketsKeymap, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, historyKeymap } from "@codemirror/commands";
import { markdown, markdownLanguage } from "@codemirror/lang-markdown";
import { EditorState, RangeSetBuilder } from "@codemirror/state";
import {
  Decoration,
  drawSelection,
  dropCursor,
  EditorView,
  keymap,
  lineNumbers,
  placeholder,
  ViewPlugin,
  type DecorationSet,
} from "@codemirror/view";
import { searchPeople } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { useQueryClient } from "@tanstack/react-query";
import { getNonce } from "get-nonce";
import { useTranslations } from "next-intl";
import { useEffect, useRef } from "react";

import { completing, type Block } from "./completing";
import { COMMANDS } from "./deeds";
import type { Draft } from "./draft";
import { LONGEST_CONTENT, MARK_LINE } from "./fields";
import { look } from "./look";
import { maths } from "./maths";
import { putFiles, uploads } from "./uploads";
import type { Missing } from "./useDeeds";
import { useUploading } from "./useUploading";

const BLOCKS: Block["name"][] = [
  ...(["heading2", "heading3", "bullets", "numbers", "tasks"] as const),
  ...(["table", "codeBlock", "quote", "image", "maths"] as const),
];

/** What the toolbar works on. */
export interface Writing {
  view: EditorView;
  pickFiles: () => void;
}

interface SourceProps {
  draft: Draft;
  onReady: (writing: Writing | null) => void;
  missing: Missing | null;
}

/** The Markdown itself. The view is made once and lives as long as the page; what it shows belongs to `draft.text`. */
export function Source({ draft, onReady, missing }: SourceProps) {
  const t = useTranslations("editor");
  const api = useApi();
  const cached = useQueryClient();
  const uploading = useUploading(draft);
  const place = useRef<HTMLDivElement>(null);
  const files = useRef<HTMLInputElement>(null);
  const made = useRef<EditorView | null>(null);
  useEffect(() => {
    const parent = place.current;
    if (!parent) return;
    const pick = () => files.current?.click();
    const view = new EditorView({
      parent,
      state: EditorState.create({
        doc: draft.text.read(),
        extensions: [
          draft.text.extension,
          EditorView.cspNonce.of(getNonce() ?? ""),
          markdown({ base: markdownLanguage, extensions: [maths], completeHTMLTags: false }),
          look,
          lineNumbers(),
          drawSelection(),
          dropCursor(),
          EditorView.lineWrapping,
          EditorState.allowMultipleSelections.of(true),
          EditorView.contentAttributes.of({ "aria-label": t("content"), spellcheck: "true", autocorrect: "on" }),
          EditorView.perLineTextDirection.of(true),
          placeholder(t("contentExample")),
          EditorState.changeFilter.of((change) => change.newDoc.length <= LONGEST_CONTENT || !change.docChanged),
          marks,
          uploads(uploading),
          completing({
            blocks: BLOCKS.map((name) => ({ name, label: t(`blocks.${name}`) })),
            column: t("column"),
            findPeople: (words) => cached.fetchQuery(searchPeople(api, words)),
            pickFiles: pick,
          }),
          closeBrackets(),
          keymap.of([
            { key: "Mod-b", run: COMMANDS.bold },
            { key: "Mod-i", run: COMMANDS.italic },
            { key: "Mod-e", run: COMMANDS.code },
            { key: "Mod-Shift-7", run: COMMANDS.numbers },
            { key: "Mod-Shift-8", run: COMMANDS.bullets },
            // Without a selection it is the palette's.
            { key: "Mod-k", run: (at) => !at.state.selection.main.empty && COMMANDS.link(at), stopPropagation: true },
            // The page's, which publishes: not an empty line.
            { key: "Mod-Enter", run: () => false, preventDefault: false },
            ...closeBracketsKeymap,
            ...completionKeymap,
            ...historyKeymap,
            ...defaultKeymap.filter((each) => each.key !== "Mod-Enter" && each.key !== "Mod-i"),
          ]),
        ],
      }),
    });
    made.current = view;
    onReady({ view, pickFiles: pick });
    return () => {
      onReady(null);
      made.current = null;
      view.destroy();
    };
    // Made once: everything here that could change is asked for when it is needed.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [draft]);
  return (
    <>
      {missing === "choice" && (
        <p role="alert" className="mx-4 mt-2 rounded-md bg-warning-soft px-3 py-2 text-sm">
          {t("chooseFirst")}
        </p>
      )}
      <div ref={place} className="@max-[44rem]/sheet:[&_.cm-gutters]:hidden! @max-[44rem]/sheet:[&_.cm-line]:px-4!" />
      <input
        ref={files}
        type="file"
        multiple
        hidden
        aria-hidden
        tabIndex={-1}
        onChange={(event) => {
          const chosen = [...(event.target.files ?? [])];
          event.target.value = "";
          const view = made.current;
          if (view && chosen.length > 0) void putFiles(view, chosen, view.state.selection.main.head, uploading);
        }}
      />
    </>
  );
}

/** Lines that part two people's versions of a passage. */
const marks = ViewPlugin.fromClass(
  class {
    decorations: DecorationSet;
    constructor(view: EditorView) {
      this.decorations = markedLines(view);
    }
    update({ view, docChanged, viewportChanged }: { view: EditorView; docChanged: boolean; viewportChanged: boolean }) {
      if (docChanged || viewportChanged) this.decorations = markedLines(view);
    }
  },
  { decorations: (plugin) => plugin.decorations },
);

function markedLines(view: EditorView): DecorationSet {
  const found = new RangeSetBuilder<Decoration>();
  let open = false;
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to;) {
      const line = view.state.doc.lineAt(at);
      const isMark = MARK_LINE.test(line.text) && (open || line.text.startsWith("<"));
      if (isMark) {
        open = !line.text.startsWith(">");
        found.add(line.from, line.from, Decoration.line({ class: "cm-mark-line" }));
      }
      at = line.to + 1;
    }
  }
  return found.finish();
}
