/** When a draft is saved: in a pause, now and then without one, and again while the server is away. */
const PAUSE_MS = 1_500;
const LONGEST_MS = 10_000;
const AGAIN_AFTER_MS = [3_000, 10_000, 30_000, 60_000];

export class Pace {
  private since: number | null = null;
  private failures = 0;

  /** Milliseconds from a change to its save. */
  untilSaved(): number {
    this.since ??= Date.now();
    return Math.max(0, Math.min(PAUSE_MS, this.since + LONGEST_MS - Date.now()));
  }

  untilAgain(): number {
    return AGAIN_AFTER_MS[Math.min(this.failures++, AGAIN_AFTER_MS.length - 1)] ?? PAUSE_MS;
  }

  answered(): void {
    this.failures = 0;
  }

  settled(): void {
    this.since = null;
  }
}
