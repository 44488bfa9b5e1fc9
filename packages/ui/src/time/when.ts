/**
 * How times are written: absolute, in the reader's zone and language, and no longer than needed. All that depends on
 * the moment takes `now`, so that server and browser write the same.
 */
export interface Reader {
  locale: string;
  timeZone: string;
  now: Date;
}

/** Today 14:32; yesterday 16:02 said by its day; this week "Thu"; this year "22 Nov"; else "22 Nov 2024". */
export function shortTime(iso: string, reader: Reader): string {
  const date = new Date(iso);
  const days = daysBetween(date, reader);
  const write = (options: Intl.DateTimeFormatOptions) =>
    formatOf(dayFirst(reader.locale), { ...options, timeZone: reader.timeZone }).format(date);
  if (days === 0 || days === 1) return write({ hour: "2-digit", minute: "2-digit" });
  if (days > 1 && days < 7) return write({ weekday: "short" });
  if (yearOf(date, reader) === yearOf(reader.now, reader)) return write({ day: "numeric", month: "short" });
  return write({ day: "numeric", month: "short", year: "numeric" });
}

/** With seconds and zone, for a tooltip. */
export function wholeTime(iso: string, { locale, timeZone }: Reader): string {
  return formatOf(dayFirst(locale), { dateStyle: "full", timeStyle: "long", timeZone }).format(new Date(iso));
}

/** Under which heading of a list it stands: a word of ours, or the month or year itself. */
export type Heading = "today" | "yesterday" | "thisWeek" | { text: string };

export function headingOf(iso: string, reader: Reader): Heading {
  const date = new Date(iso);
  const days = daysBetween(date, reader);
  if (days <= 0) return "today";
  if (days === 1) return "yesterday";
  if (days < 7) return "thisWeek";
  const year = yearOf(date, reader);
  if (year !== yearOf(reader.now, reader)) return { text: String(year) };
  return { text: formatOf(reader.locale, { month: "long", timeZone: reader.timeZone }).format(date) };
}

/** Of the calendar's day, the same for all its moments. */
export function dayKey(at: number, { timeZone }: Reader): string {
  return formatOf("en-CA", { timeZone, dateStyle: "short" }).format(at);
}

/** "Monday 23 November", with its year when that isn't this one. */
export function dayName(at: number, reader: Reader): string {
  const date = new Date(at);
  const isThisYear = yearOf(date, reader) === yearOf(reader.now, reader);
  const year: Intl.DateTimeFormatOptions = isThisYear ? {} : { year: "numeric" };
  const { locale, timeZone } = reader;
  return formatOf(dayFirst(locale), { weekday: "long", day: "numeric", month: "long", ...year, timeZone }).format(date);
}

export function timeOfDay(at: number, { locale, timeZone }: Reader): string {
  return formatOf(dayFirst(locale), { hour: "2-digit", minute: "2-digit", timeZone }).format(at);
}

/** Whole days of the calendar from then to now. */
function daysBetween(date: Date, reader: Reader): number {
  return Math.round((midnight(reader.now, reader) - midnight(date, reader)) / 86_400_000);
}

function midnight(date: Date, reader: Reader): number {
  const { year, month, day } = parts(date, reader);
  return Date.UTC(year, month - 1, day);
}

function yearOf(date: Date, reader: Reader): number {
  return parts(date, reader).year;
}

function parts(date: Date, { timeZone }: Reader): { year: number; month: number; day: number } {
  const written = formatOf("en-u-ca-iso8601", { timeZone, year: "numeric", month: "numeric", day: "numeric" });
  const found = Object.fromEntries(written.formatToParts(date).map(({ type, value }) => [type, Number(value)]));
  return { year: found.year ?? 0, month: found.month ?? 0, day: found.day ?? 0 };
}

const formats = new Map<string, Intl.DateTimeFormat>();

/** Each made once: a list of thirty rows would make three hundred, at a millisecond each. */
function formatOf(locale: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = locale + JSON.stringify(options);
  const format = formats.get(key) ?? new Intl.DateTimeFormat(locale, options);
  formats.set(key, format);
  return format;
}

/** English here is the international one: 22 Nov 2024, 14:32. */
function dayFirst(locale: string): string {
  return locale === "en" ? "en-GB" : locale;
}
