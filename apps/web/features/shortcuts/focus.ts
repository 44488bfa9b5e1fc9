/** The focus in lists, whose rows lead somewhere by one link marked `data-row`, and among the page's regions. */
import { CONTENT } from "@/features/shell/content";

export function focusRow(to: "next" | "previous" | "first" | "last"): void {
  const rows = [...document.querySelectorAll<HTMLElement>(`#${CONTENT} [data-row]`)];
  const at = rows.findIndex((row) => row === document.activeElement);
  // From elsewhere, to where the focus was last: the list's tab stop.
  const begin = Math.max(0, at === -1 ? rows.findIndex((row) => row.tabIndex === 0) : at);
  const step = at === -1 ? 0 : 1;
  const row = rows[{ next: begin + step, previous: begin - step, first: 0, last: rows.length - 1 }[to]];
  row?.focus();
  row?.scrollIntoView({ block: "nearest" });
}

export function isOnRow(element: EventTarget | null): boolean {
  return element instanceof HTMLElement && element.dataset.row !== undefined;
}

/** Navigation, content, panel: to the first thing in the next one that takes focus. */
export function focusRegion(step: 1 | -1): void {
  const regions = [...document.querySelectorAll<HTMLElement>(`nav:not(main *), #${CONTENT}, aside`)].filter(
    (each) => each.getClientRects().length > 0,
  );
  if (regions.length === 0) return;
  const at = regions.findIndex((region) => region.contains(document.activeElement));
  const next = regions[(at + step + regions.length) % regions.length];
  const first = next?.matches("[tabindex]")
    ? next
    : next?.querySelector<HTMLElement>("a[href], button, input, [tabindex]");
  first?.focus();
}
