/** Where a message stands across the sheet or the panel; one on its way stands there already. */
export const FRAMES = {
  page: "grid grid-cols-[var(--avatar)_minmax(0,1fr)] gap-x-3 ps-4 pe-4 [--avatar:36px] md:ps-5 md:pe-5",
  panel: "grid grid-cols-[var(--avatar)_minmax(0,1fr)] gap-x-3 ps-4 pe-4 [--avatar:24px]",
};
