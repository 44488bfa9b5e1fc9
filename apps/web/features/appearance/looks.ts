/** What of the look is chosen besides the theme. Each is a cookie, and an attribute of <html> by which CSS decides. */
import { rememberChoice } from "@dfworx/ui/choices";

export const LOOKS = {
  /** How high rows of lists are. */
  density: ["comfortable", "compact"],
  /** The letters of posts. */
  reading: ["sans", "serif"],
} as const;

export type Look = keyof typeof LOOKS;
export type Chosen = { [Name in Look]: (typeof LOOKS)[Name][number] };

export function chooseLooks(cookies: { get(name: string): { value: string } | undefined }): Chosen {
  const choose = <Value extends string>(name: Look, values: readonly [Value, ...Value[]]): Value =>
    values.find((each) => each === cookies.get(name)?.value) ?? values[0];
  return { density: choose("density", LOOKS.density), reading: choose("reading", LOOKS.reading) };
}

/** For <html>. */
export function lookAttributes({ density, reading }: Chosen) {
  return { "data-density": density, "data-reading": reading };
}

/** In the browser: at once, and on every page from now on. */
export function wearLook(look: Look, value: string): void {
  rememberChoice(look, value);
  document.documentElement.dataset[look] = value;
}
