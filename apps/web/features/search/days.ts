/** Days of a calendar, and the moments at which they begin in a time zone. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text) || text < "1000") return false;
  const date = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(text);
}

/** The first moment of that day there. Where a clock is put forward at midnight, it is the first that exists. */
export function startOfDay(day: string, timeZone: string): string {
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // Twice: the offset at the first guess may be that of the other side of a change of clocks.
  const guess = midnight - offsetAt(midnight, timeZone);
  return new Date(midnight - offsetAt(guess, timeZone)).toISOString();
}

/** The day that it is there, so many days before `now`. */
export function daysAgo(days: number, now: Date, timeZone: string): string {
  const today = Date.parse(`${dayOf(now, timeZone)}T00:00:00Z`);
  return new Date(today - days * 86_400_000).toISOString().slice(0, 10);
}

function dayOf(moment: Date, timeZone: string): string {
  return new Date(moment.getTime() + offsetAt(moment.getTime(), timeZone)).toISOString().slice(0, 10);
}

/** By how much the clocks there are ahead of UTC, in milliseconds. */
function offsetAt(moment: number, timeZone: string): number {
  const written = new Intl.DateTimeFormat("en-u-ca-iso8601-hc-h23", {
    timeZone,
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  }).formatToParts(moment);
  const part = (type: string) => Number(written.find((each) => each.type === type)?.value);
  const there = Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second"));
  return there - Math.floor(moment / 1000) * 1000;
}
