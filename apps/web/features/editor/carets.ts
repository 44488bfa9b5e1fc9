/** Where the others are in a shared text, and where this page's person is, for them. */
import { RangeSet, type Extension, type Range } from "@codemirror/state";
import { Decoration, EditorView, ViewPlugin, WidgetType, type DecorationSet, type ViewUpdate } from "@codemirror/view";
import { personHue } from "@dfworx/ui/Avatar";
import type { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";

import { theirs } from "./text";
import type { Writers } from "./writers";

const POINTED_MS = 100;

interface Cursor {
  user_id?: unknown;
  cursor?: { anchor?: unknown; head?: unknown } | null;
}

export function carets(shared: Y.Text, awareness: Awareness, writers: Writers): Extension {
  return [
    theme,
    ViewPlugin.define((view) => new Carets(view, shared, awareness, writers), {
      decorations: (plugin) => plugin.decorations,
    }),
  ];
}

class Carets {
  decorations: DecorationSet = Decoration.none;
  /** What each client said last and how often it has moved: a flag shows again with each move. */
  private moves = new Map<number, { said: string; count: number }>();
  /** Where each is, as far as its text has come; what is written here since leaves it where it was. */
  private places = new Map<number, { count: number; anchor: number; head: number }>();
  private timer: ReturnType<typeof setTimeout> | null = null;
  private hasNews = false;

  constructor(
    private readonly view: EditorView,
    private readonly shared: Y.Text,
    private readonly awareness: Awareness,
    private readonly writers: Writers,
  ) {
    awareness.on("change", this.onChange);
    this.stop = writers.subscribe(this.onChange);
    this.decorations = this.draw();
  }

  private readonly stop: () => void;

  update({ docChanged, changes, transactions, selectionSet, focusChanged }: ViewUpdate): void {
    if (docChanged) {
      const side = transactions.some((each) => each.annotation(theirs)) ? 1 : -1;
      for (const place of this.places.values()) {
        place.anchor = changes.mapPos(place.anchor, side);
        place.head = changes.mapPos(place.head, side);
      }
    }
    if (docChanged || this.hasNews) this.decorations = this.draw();
    this.hasNews = false;
    if (docChanged || selectionSet || focusChanged) this.timer ??= setTimeout(this.point, POINTED_MS);
  }

  destroy(): void {
    this.stop();
    this.awareness.off("change", this.onChange);
    if (this.timer !== null) clearTimeout(this.timer);
  }

  private onChange = (): void => {
    if (this.hasNews) return;
    this.hasNews = true;
    // Not within an update that is going on, such as one that has just moved this page's own caret.
    queueMicrotask(() => this.hasNews && this.view.dom.isConnected && this.view.dispatch({}));
  };

  private point = (): void => {
    this.timer = null;
    if (!this.view.hasFocus) return;
    const { anchor, head } = this.view.state.selection.main;
    // Of what lies before: what others write here comes behind a caret.
    const at = (place: number) =>
      Y.relativePositionToJSON(Y.createRelativePositionFromTypeIndex(this.shared, place, -1));
    const cursor = { anchor: at(anchor), head: at(head) };
    const before = this.awareness.getLocalState() as Cursor | null;
    if (before && JSON.stringify(before.cursor) !== JSON.stringify(cursor))
      this.awareness.setLocalStateField("cursor", cursor);
  };

  private draw(): DecorationSet {
    const drawn: Range<Decoration>[] = [];
    for (const [client, { cursor, user_id: userId }] of this.awareness.states as Map<number, Cursor>) {
      if (client === this.awareness.clientID || typeof userId !== "string" || !cursor) continue;
      const count = this.countMoves(client, cursor);
      const place = this.placesOf(client, count, cursor);
      if (place === null) continue;
      const { anchor, head } = place;
      const hue = `person-${personHue(userId)}`;
      const name = this.writers.nameOf(userId) ?? "";
      const caret = new Caret(hue, name.trim().split(/\s+/)[0] ?? "", client, count);
      const [from, to] = [Math.min(anchor, head), Math.max(anchor, head)];
      if (from < to) drawn.push(Decoration.mark({ class: `cm-theirs ${hue}` }).range(from, to));
      drawn.push(Decoration.widget({ widget: caret, side: 1 }).range(head));
    }
    return RangeSet.of(drawn, true);
  }

  private placesOf(client: number, count: number, cursor: { anchor?: unknown; head?: unknown }) {
    const known = this.places.get(client);
    if (known?.count === count) return known;
    const [anchor, head] = [this.placeOf(cursor.anchor), this.placeOf(cursor.head)];
    const place = anchor === null || head === null ? null : { count, anchor, head };
    if (place) this.places.set(client, place);
    else this.places.delete(client);
    return place;
  }

  private countMoves(client: number, cursor: unknown): number {
    const said = JSON.stringify(cursor);
    const before = this.moves.get(client);
    if (before?.said === said) return before.count;
    const count = (before?.count ?? 0) + 1;
    this.moves.set(client, { said, count });
    return count;
  }

  /** Null for what isn't a place of this text: what others say may be anything. */
  private placeOf(said: unknown): number | null {
    try {
      const { doc } = this.shared;
      const position = Y.createRelativePositionFromJSON(said);
      const found = doc && Y.createAbsolutePositionFromRelativePosition(position, doc);
      const isHere = found?.type === this.shared && found.index <= this.view.state.doc.length;
      return isHere ? found.index : null;
    } catch {
      return null;
    }
  }
}

class Caret extends WidgetType {
  constructor(
    readonly hue: string,
    readonly name: string,
    readonly client: number,
    readonly moves: number,
  ) {
    super();
  }

  override eq(other: Caret): boolean {
    return (
      other.client === this.client && other.moves === this.moves && other.name === this.name && other.hue === this.hue
    );
  }

  toDOM(): HTMLElement {
    const caret = document.createElement("span");
    caret.className = `cm-their-caret ${this.hue}`;
    caret.setAttribute("aria-hidden", "true");
    if (this.name) {
      const flag = caret.appendChild(document.createElement("span"));
      flag.className = "cm-their-flag";
      flag.textContent = this.name;
    }
    return caret;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

const theme = EditorView.baseTheme({
  ".cm-theirs": {
    background: "color-mix(in srgb, var(--person) 15%, transparent)",
    borderBlockEnd: "2px solid var(--person)",
  },
  ".cm-their-caret": {
    position: "relative",
    display: "inline-block",
    width: "0",
    height: "1.25em",
    verticalAlign: "text-bottom",
  },
  ".cm-their-caret::before": {
    content: "''",
    position: "absolute",
    insetBlock: "0",
    insetInlineStart: "-1px",
    width: "2px",
    background: "var(--person)",
    pointerEvents: "none",
  },
  ".cm-their-flag": {
    position: "absolute",
    insetInlineStart: "-1px",
    bottom: "100%",
    zIndex: "5",
    maxWidth: "10rem",
    overflow: "hidden",
    padding: "0 5px",
    borderRadius: "4px",
    borderEndStartRadius: "0",
    background: "var(--person)",
    color: "var(--sheet)",
    fontFamily: "var(--sans)",
    fontSize: "11px",
    fontWeight: "600",
    lineHeight: "16px",
    whiteSpace: "nowrap",
    pointerEvents: "none",
    userSelect: "none",
    animation: "cm-their-flag var(--t-base) 2s forwards",
  },
  "@keyframes cm-their-flag": { to: { opacity: "0" } },
});
