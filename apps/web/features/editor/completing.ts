/** What is offered while typing: blocks after a slash, people after an @. */
import { autocompletion, startCompletion, type Completion, type CompletionContext } from "@codemirror/autocomplete";
import type { Extension } from "@codemirror/state";
import { EditorView } from "@codemirror/view";

import { CODE_BLOCK, FORMULA_BLOCK, insertBlock, tableOf } from "./deeds";

export interface Block {
  name: "heading2" | "heading3" | "bullets" | "numbers" | "tasks" | "table" | "codeBlock" | "quote" | "maths" | "image";
  label: string;
}

export interface Completing {
  blocks: Block[];
  column: string;
  findPeople: (words: string) => Promise<{ user_id: string; name: string }[]>;
  pickFiles: () => void;
}

const SIGN: Record<Block["name"], string> = {
  heading2: "##",
  heading3: "###",
  bullets: "-",
  numbers: "1.",
  tasks: "- [ ]",
  table: "| |",
  codeBlock: "```",
  quote: ">",
  maths: "$$",
  image: "![]",
};

export function completing(ports: Completing): Extension {
  return [
    autocompletion({
      override: [(context) => offerBlocks(context, ports), (context) => offerPeople(context, ports)],
      icons: false,
      closeOnBlur: true,
    }),
    // A person is looked for as soon as the @ stands there, also when a button put it.
    EditorView.updateListener.of((update) => {
      const { head } = update.state.selection.main;
      const typed = update.transactions.some((each) => each.isUserEvent("input.type"));
      if (typed && /(?:^|\s)[@/]$/.test(update.state.sliceDoc(Math.max(0, head - 2), head)))
        startCompletion(update.view);
    }),
  ];
}

function offerBlocks(context: CompletionContext, { blocks, column, pickFiles }: Completing) {
  const typed = context.matchBefore(/(?:^|\s)\/[\p{L}\p{N}]*$/u);
  if (!typed) return null;
  const slash = typed.text.indexOf("/");
  const words = typed.text.slice(slash + 1).toLowerCase();
  const options = blocks
    .filter(({ label, name }) => label.toLowerCase().includes(words) || name.toLowerCase().startsWith(words))
    .map((block): Completion => ({
      label: block.label,
      detail: SIGN[block.name],
      apply: (view, _completion, from, to) => {
        if (block.name !== "image") return insertBlock(view, templateOf(block.name, column), from, to);
        view.dispatch({ changes: { from, to }, userEvent: "delete" });
        pickFiles();
      },
    }));
  return options.length > 0 ? { from: typed.from + slash, options, filter: false } : null;
}

function templateOf(name: Block["name"], column: string): string {
  if (name === "table") return tableOf(column);
  if (name === "codeBlock") return CODE_BLOCK;
  return name === "maths" ? FORMULA_BLOCK : `${SIGN[name]} |§||§|`;
}

async function offerPeople(context: CompletionContext, { findPeople }: Completing) {
  const typed = context.matchBefore(/(?:^|[\s(])@[\p{L}\p{M}\p{N}'’.-]*(?: [\p{L}\p{M}\p{N}'’.-]+)?$/u);
  if (!typed) return null;
  const at = typed.text.indexOf("@");
  const people = await findPeople(typed.text.slice(at + 1)).catch(() => []);
  if (context.aborted || people.length === 0) return null;
  return {
    from: typed.from + at,
    filter: false,
    options: people.map(({ user_id, name }): Completion => ({
      label: name,
      apply: `@[${name.replace(/[[\]\\]/g, "\\$&")}](mention://user/${user_id}) `,
    })),
  };
}
