/** The zones to choose from, with the one that was chosen even if this browser doesn't know it, and this machine's. */
export function timezones(chosen: string): string[] {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const known = Intl.supportedValuesOf("timeZone");
  return [...new Set([...known, ...[here, chosen].filter(Boolean)])].sort();
}
