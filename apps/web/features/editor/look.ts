/** How the source looks: the tokens of the design, and nothing of CodeMirror's own. */
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { EditorView } from "@codemirror/view";
import { tags } from "@lezer/highlight";

import { formula } from "./maths";

const floating = {
  border: "1px solid var(--line-strong)",
  borderRadius: "var(--r-md)",
  background: "var(--raised)",
  boxShadow: "var(--lift-pop)",
  color: "var(--ink)",
};

const theme = EditorView.theme({
  "&": { color: "var(--ink)", background: "transparent", fontSize: "var(--fs-md)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": {
    fontFamily: "var(--mono)",
    fontFeatureSettings: '"calt" 0',
    lineHeight: "1.5rem",
    overflow: "visible",
  },
  ".cm-content": { padding: "0.75rem 0 6rem", caretColor: "var(--primary)", minHeight: "16rem" },
  ".cm-line": { paddingInline: "0.75rem 1.25rem" },
  ".cm-cursor": { borderInlineStartColor: "var(--primary)", borderInlineStartWidth: "2px" },
  "&.cm-focused .cm-selectionBackground, .cm-selectionBackground": {
    background: "oklch(from var(--primary) l c h / 0.22) !important",
  },
  ".cm-gutters": {
    background: "transparent",
    color: "var(--ink-3)",
    border: "none",
    fontSize: "var(--fs-xs)",
    minWidth: "3rem",
  },
  ".cm-lineNumbers .cm-gutterElement": { paddingInline: "0.75rem 0.25rem" },
  ".cm-placeholder": { color: "var(--ink-3)" },
  ".cm-mark-line": { background: "var(--warning-soft)", color: "var(--warning)" },
  ".cm-upload": {
    display: "inline-flex",
    alignItems: "center",
    gap: "0.5rem",
    maxWidth: "100%",
    padding: "0 0.25rem 0 0.5rem",
    border: "1px solid var(--line-strong)",
    borderRadius: "var(--r-sm)",
    background: "var(--sunken)",
    fontFamily: "var(--sans)",
    fontSize: "var(--fs-sm)",
    verticalAlign: "baseline",
  },
  ".cm-upload progress": { width: "5rem", height: "0.375rem", accentColor: "var(--primary)" },
  ".cm-upload-refused": { borderColor: "var(--danger)", color: "var(--danger)", background: "var(--danger-soft)" },
  ".cm-upload button": { padding: "0 0.375rem", borderRadius: "var(--r-xs)", fontWeight: "var(--w-medium)" },
  ".cm-upload button:hover": { background: "var(--hover)" },
  ".cm-tooltip": { ...floating, zIndex: "20" },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": {
    fontFamily: "var(--sans)",
    fontSize: "var(--fs-sm)",
    minWidth: "13.75rem",
    maxHeight: "19rem",
    padding: "4px",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul > li": {
    display: "flex",
    alignItems: "center",
    gap: "9px",
    minHeight: "30px",
    padding: "0 8px",
    borderRadius: "var(--r-xs)",
  },
  "@media (pointer: coarse)": {
    ".cm-tooltip.cm-tooltip-autocomplete > ul": { maxHeight: "min(29rem, 60dvh)" },
    ".cm-tooltip.cm-tooltip-autocomplete > ul > li": { minHeight: "44px" },
  },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { background: "var(--hover)", color: "var(--ink)" },
  ".cm-completionLabel": { flexGrow: "1", overflow: "hidden", textOverflow: "ellipsis" },
  ".cm-completionDetail": {
    fontFamily: "var(--mono)",
    fontStyle: "normal",
    fontSize: "var(--fs-xs)",
    color: "var(--ink-3)",
  },
  ".cm-completionMatchedText": { textDecoration: "none", color: "var(--link)", fontWeight: "var(--w-bold)" },
  "&.cm-focused .cm-matchingBracket, &.cm-focused .cm-nonmatchingBracket": { background: "var(--hover)" },
});

const highlight = HighlightStyle.define([
  { tag: tags.heading, fontWeight: "var(--w-bold)" },
  { tag: tags.strong, fontWeight: "var(--w-bold)" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: tags.strikethrough, textDecoration: "line-through" },
  { tag: [tags.link, tags.labelName], color: "var(--link)" },
  { tag: [tags.url, tags.processingInstruction, tags.contentSeparator, tags.meta], color: "var(--ink-3)" },
  { tag: [tags.monospace, tags.string], color: "var(--code-str)" },
  { tag: formula, color: "var(--code-num)" },
  { tag: tags.quote, color: "var(--ink-2)" },
  { tag: [tags.comment, tags.angleBracket], color: "var(--code-com)" },
  { tag: [tags.atom, tags.list], color: "inherit" },
  { tag: [tags.tagName, tags.keyword], color: "var(--code-key)" },
  { tag: tags.attributeName, color: "var(--code-fn)" },
]);

export const look = [theme, syntaxHighlighting(highlight)];
