/** A moment as it is written in two fields, in the zone of this machine. */
const DAY = 86_400_000;
export const FURTHEST = 366 * DAY;

export function writtenAs(at: Date): { date: string; time: string } {
  const two = (number: number) => String(number).padStart(2, "0");
  return {
    date: `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())}`,
    time: `${two(at.getHours())}:${two(at.getMinutes())}`,
  };
}

/** The next working day's morning: when most things are read. */
export function suggestMoment(now: Date): Date {
  const at = new Date(now);
  do at.setDate(at.getDate() + 1);
  while ([0, 6].includes(at.getDay()));
  at.setHours(9, 0, 0, 0);
  return at;
}

/** The moment, or what is wrong with it. An hour that the clocks skip becomes the one after. */
export function readMoment(date: string, time: string, now: Date): Date | "incomplete" | "past" | "far" {
  const at = new Date(`${date}T${time}`);
  if (!date || !time || Number.isNaN(at.getTime())) return "incomplete";
  if (at <= now) return "past";
  return at.getTime() - now.getTime() > FURTHEST ? "far" : at;
}
