/** Nobody does anything, or nobody sees the page. */
export const IDLE_AFTER_MS = 5 * 60_000;
const SIGNS = ["pointermove", "pointerdown", "keydown", "wheel", "focus"];

export function watchIdle(look: (isIdle: boolean) => void): () => void {
  const stop = new AbortController();
  const { signal } = stop;
  let movedAt = Date.now();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let known: boolean | null = null;
  const update = () => {
    const left = movedAt + IDLE_AFTER_MS - Date.now();
    const isIdle = document.hidden || left <= 0;
    clearTimeout(timer);
    // One timer, which finds how long ago somebody moved: a pointer moves often.
    if (!isIdle) timer = setTimeout(update, left);
    if (isIdle === known) return;
    known = isIdle;
    look(isIdle);
  };
  const moved = () => {
    movedAt = Date.now();
    if (known) update();
  };
  for (const sign of SIGNS) window.addEventListener(sign, moved, { passive: true, signal });
  document.addEventListener(
    "visibilitychange",
    () => {
      if (!document.hidden) movedAt = Date.now();
      update();
    },
    { signal },
  );
  update();
  return () => {
    clearTimeout(timer);
    stop.abort();
  };
}
