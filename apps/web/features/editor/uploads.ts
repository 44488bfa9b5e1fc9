/** Files on their way into the text: each stands where it will be, with how far it is, or why it was refused. */
import { StateEffect, StateField, type Extension } from "@codemirror/state";
import { Decoration, EditorView, WidgetType, type DecorationSet } from "@codemirror/view";
import type { StoredFile } from "@dfworx/api";

export interface Uploading {
  send: (file: File, progress: (part: number) => void, signal: AbortSignal) => Promise<StoredFile>;
  /** A sentence that says why, and what to do. */
  explain: (error: unknown, file: File) => string;
  words: { cancel: string; remove: string; progress: (name: string) => string };
}

interface Upload {
  id: number;
  name: string;
  part: number;
  refusal: string | null;
}

const began = StateEffect.define<{ at: number; upload: Upload; stop: () => void; words: Uploading["words"] }>();
const moved = StateEffect.define<Upload>();
const ended = StateEffect.define<number>();
let last = 0;

class Waiting extends WidgetType {
  constructor(
    readonly upload: Upload,
    readonly stop: () => void,
    readonly words: Uploading["words"],
  ) {
    super();
  }

  override eq(other: Waiting): boolean {
    return other.upload === this.upload;
  }

  toDOM(): HTMLElement {
    const place = document.createElement("span");
    place.append(document.createElement("span"), document.createElement("progress"), document.createElement("button"));
    place.setAttribute("role", "status");
    const button = place.lastElementChild as HTMLButtonElement;
    button.type = "button";
    button.onclick = this.stop;
    this.updateDOM(place);
    return place;
  }

  override updateDOM(place: HTMLElement): boolean {
    const [told, bar, button] = place.children as unknown as [HTMLElement, HTMLProgressElement, HTMLButtonElement];
    const { name, part, refusal } = this.upload;
    place.className = refusal ? "cm-upload cm-upload-refused" : "cm-upload";
    told.textContent = refusal ? `${name}: ${refusal}` : name;
    bar.hidden = refusal !== null;
    bar.setAttribute("aria-label", this.words.progress(name));
    if (part < 1) bar.value = part;
    else bar.removeAttribute("value");
    button.textContent = refusal ? this.words.remove : this.words.cancel;
    return true;
  }

  override ignoreEvent(): boolean {
    return true;
  }
}

const waiting = StateField.define<DecorationSet>({
  create: () => Decoration.none,
  update(places, transaction) {
    let now = places.map(transaction.changes);
    for (const effect of transaction.effects) {
      if (effect.is(began)) {
        const { at, upload, stop, words } = effect.value;
        const widget = new Waiting(upload, stop, words);
        now = now.update({ add: [Decoration.widget({ widget, side: 1 }).range(at)] });
      } else if (effect.is(moved)) {
        const [place] = find(now, effect.value.id);
        if (!place) continue;
        const old = place.widget;
        const widget = new Waiting(effect.value, old.stop, old.words);
        now = now.update({
          filter: (_from, _to, each) => each.spec.widget !== old,
          add: [Decoration.widget({ widget, side: 1 }).range(place.at)],
        });
      } else if (effect.is(ended)) {
        now = now.update({ filter: (_from, _to, each) => (each.spec.widget as Waiting).upload.id !== effect.value });
      }
    }
    return now;
  },
  provide: (field) => EditorView.decorations.from(field),
});

function find(places: DecorationSet, id: number): { at: number; widget: Waiting }[] {
  const found: { at: number; widget: Waiting }[] = [];
  places.between(0, 1e9, (at, _to, each) => {
    const widget = each.spec.widget as Waiting;
    if (widget.upload.id === id) found.push({ at, widget });
  });
  return found;
}

/** Puts files in at a place, one after the other. */
export async function putFiles(view: EditorView, files: File[], at: number, uploading: Uploading): Promise<void> {
  await Promise.all(files.map((file) => putFile(view, file, at, uploading)));
}

async function putFile(view: EditorView, file: File, at: number, uploading: Uploading): Promise<void> {
  const id = ++last;
  const giveUp = new AbortController();
  const stop = () => {
    giveUp.abort();
    view.dispatch({ effects: ended.of(id) });
    view.focus();
  };
  let upload: Upload = { id, name: file.name, part: 0, refusal: null };
  const tell = (part: Partial<Upload>) => {
    upload = { ...upload, ...part };
    if (!giveUp.signal.aborted) view.dispatch({ effects: moved.of(upload) });
  };
  view.dispatch({ effects: began.of({ at, upload, stop, words: uploading.words }) });
  try {
    const stored = await uploading.send(file, (part) => tell({ part }), giveUp.signal);
    const place = find(view.state.field(waiting), id)[0]?.at;
    if (place === undefined) return;
    const insert = markdownOf(stored);
    view.dispatch({ changes: { from: place, insert }, effects: ended.of(id), userEvent: "input.paste" });
  } catch (error) {
    tell({ refusal: uploading.explain(error, file) });
  }
}

export function markdownOf({ file_id, name, width }: Pick<StoredFile, "file_id" | "name" | "width">): string {
  const words = name.replace(/[[\]\\`*_<>]/g, "\\$&");
  return `${width === null ? "" : "!"}[${words}](/api/web/files/${file_id})`;
}

/** Files that are pasted or dropped. Text that comes along with a picture (from a web page) stays text. */
export function uploads(uploading: Uploading): Extension {
  return [
    waiting,
    EditorView.domEventHandlers({
      paste(event, view) {
        const files = [...(event.clipboardData?.files ?? [])];
        if (files.length === 0 || event.clipboardData?.types.includes("text/plain")) return false;
        void putFiles(view, files, view.state.selection.main.head, uploading);
        return true;
      },
      drop(event, view) {
        const files = [...(event.dataTransfer?.files ?? [])];
        if (files.length === 0) return false;
        const at = view.posAtCoords({ x: event.clientX, y: event.clientY }) ?? view.state.selection.main.head;
        void putFiles(view, files, at, uploading);
        event.preventDefault();
        return true;
      },
    }),
  ];
}
