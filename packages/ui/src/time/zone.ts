/** The reader's time zone, which a browser knows and a server is told by cookie. */
export const TIME_ZONE_COOKIE = "time_zone";

export function chooseTimeZone(told: string | undefined): string {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: told && decodeURIComponent(told) }).resolvedOptions().timeZone;
  } catch {
    return "UTC";
  }
}
