/** The focus in lists, whose rows lead somewhere by one link marked `data-row`, and among the page's regions. */
import { CONTENT } from "@/features/shell/content";

export function focusRow(step: 1 | -1): void {
  const rows = [...document.querySelectorAll<HTMLElement>(`#${CONTENT} [data-row]`)];
  const at = rows.findIndex((row) => row === document.activeElement);
  const row = at === -1 ? rows[step === 1 ? 0 : rows.length - 1] : rows[at + step];
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
