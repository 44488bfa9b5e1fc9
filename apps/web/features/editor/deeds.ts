/** What keys, toolbar and slash menu do to the text: Markdown put around a selection, before lines, or as a block. */
import { EditorSelection, type ChangeSpec } from "@codemirror/state";
import type { Command, EditorView } from "@codemirror/view";

export type Deed =
  | "bold"
  | "italic"
  | "strike"
  | "code"
  | "link"
  | "heading"
  | "quote"
  | "bullets"
  | "numbers"
  | "tasks"
  | "table"
  | "codeBlock"
  | "maths"
  | "mention";

const AROUND = { bold: "**", italic: "*", strike: "~~", code: "`" };

/** The same marks again take them away. */
function around(mark: string): Command {
  return (view) => {
    view.dispatch(
      view.state.changeByRange((range) => {
        const { doc } = view.state;
        const size = mark.length;
        const before = doc.sliceString(range.from - size, range.from);
        const after = doc.sliceString(range.to, range.to + size);
        if (range.from >= size && before === mark && after === mark) {
          return {
            changes: [
              { from: range.from - size, to: range.from },
              { from: range.to, to: range.to + size },
            ],
            range: EditorSelection.range(range.anchor - size, range.head - size),
          };
        }
        return {
          changes: [
            { from: range.from, insert: mark },
            { from: range.to, insert: mark },
          ],
          range: EditorSelection.range(range.anchor + size, range.head + size),
        };
      }),
      { userEvent: "input", scrollIntoView: true },
    );
    return true;
  };
}

/** Before each line of the selection; taken away when all of them have it. */
function beforeLines(prefix: (number: number) => string, has: RegExp): Command {
  return (view) => {
    const { doc, selection } = view.state;
    const first = doc.lineAt(selection.main.from).number;
    const last = doc.lineAt(selection.main.to).number;
    const lines = Array.from({ length: last - first + 1 }, (_, at) => doc.line(first + at));
    const written = lines.filter((line) => line.text.trim() || lines.length === 1);
    const all = written.length > 0 && written.every((line) => has.test(line.text));
    const changes: ChangeSpec[] = written.map((line, at) => {
      const old = /^(?:#{1,6} |> |[-*+] \[[ xX]\] |[-*+] |\d+[.)] )/.exec(line.text)?.[0] ?? "";
      return { from: line.from, to: line.from + old.length, insert: all ? "" : prefix(at + 1) };
    });
    const change = view.state.changes(changes);
    view.dispatch({ changes: change, selection: selection.map(change, 1), userEvent: "input", scrollIntoView: true });
    return true;
  };
}

/** One to three marks, then none. */
const heading: Command = (view) => {
  const line = view.state.doc.lineAt(view.state.selection.main.head);
  const now = /^(#{1,6}) /.exec(line.text);
  const depth = now ? (now[1] ?? "").length + 1 : 2;
  const insert = depth > 4 ? "" : `${"#".repeat(depth)} `;
  view.dispatch({ changes: { from: line.from, to: line.from + (now?.[0].length ?? 0), insert }, userEvent: "input" });
  return true;
};

const link: Command = (view) => {
  const { from, to } = view.state.selection.main;
  const words = view.state.sliceDoc(from, to);
  const isAddress = /^https?:\/\/\S+$/.test(words);
  const insert = isAddress ? `[](${words})` : `[${words}](https://)`;
  const at = isAddress || !words ? from + 1 : from + words.length + 3;
  const selection = EditorSelection.range(at, isAddress || !words ? at : at + "https://".length);
  view.dispatch({ changes: { from, to, insert }, selection, userEvent: "input", scrollIntoView: true });
  return true;
};

/** A block on lines of its own in place of `from` to `to`; what stands between bars is selected. */
export function insertBlock(view: EditorView, template: string, from: number, to = from): void {
  const { doc } = view.state;
  const line = doc.lineAt(from);
  const isFirst = !doc.sliceString(line.from, from).trim();
  const start = isFirst ? line.from : from;
  const before = isFirst ? (line.number > 1 && doc.line(line.number - 1).text.trim() ? "\n" : "") : "\n\n";
  const [head = "", marked = "", tail = ""] = template.split("|§|");
  const anchor = start + before.length + head.length;
  view.dispatch({
    changes: { from: start, to, insert: before + head + marked + tail },
    selection: EditorSelection.range(anchor, anchor + marked.length),
    userEvent: "input.complete",
    scrollIntoView: true,
  });
  view.focus();
}

export function tableOf(column: string): string {
  return `| |§|${column}|§| | ${column} |\n| --- | --- |\n|  |  |\n`;
}
export const CODE_BLOCK = "```|§||§|\n\n```\n";
export const FORMULA_BLOCK = "$$\n|§||§|\n$$\n";

export function run(deed: Deed, view: EditorView, words: { column: string }): void {
  const { head } = view.state.selection.main;
  if (deed === "table") return insertBlock(view, tableOf(words.column), head);
  if (deed === "codeBlock") return insertBlock(view, CODE_BLOCK, head);
  COMMANDS[deed](view);
  view.focus();
}

const insert =
  (text: string): Command =>
  (view) => {
    view.dispatch(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
    return true;
  };

export const COMMANDS: Record<Exclude<Deed, "table" | "codeBlock">, Command> = {
  bold: around(AROUND.bold),
  italic: around(AROUND.italic),
  strike: around(AROUND.strike),
  code: around(AROUND.code),
  link,
  heading,
  quote: beforeLines(() => "> ", /^> /),
  bullets: beforeLines(() => "- ", /^[-*+] (?!\[[ xX]\] )/),
  numbers: beforeLines((number) => `${number}. `, /^\d+[.)] /),
  tasks: beforeLines(() => "- [ ] ", /^[-*+] \[[ xX]\] /),
  maths: around("$"),
  mention: insert("@"),
};
