/** By which part it grew since the range before; null where nothing can be said. */
export function changeOf(value: number | null, before: number | null): number | null {
  return value === null || before === null || before === 0 ? null : (value - before) / before;
}

/** A line of days, 100 wide and 24 high; days that weren't measured are left out of it. */
export function pathOfSeries(values: readonly (number | null)[]): string {
  const known = values.filter((each) => each !== null);
  const [least, most] = [Math.min(0, ...known), Math.max(1e-9, ...known)];
  const step = values.length > 1 ? 100 / (values.length - 1) : 0;
  let isBegun = false;
  return values
    .map((value, at) => {
      if (value === null) {
        isBegun = false;
        return "";
      }
      const letter = isBegun ? "L" : "M";
      isBegun = true;
      return `${letter}${(at * step).toFixed(2)} ${(23 - ((value - least) / (most - least)) * 22).toFixed(2)}`;
    })
    .join("");
}

/** Both as 2026-01-31. */
export function dayBefore(day: string): string {
  const date = new Date(day);
  date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}
