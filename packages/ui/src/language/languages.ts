/** The languages there are, and how one is chosen: what the person has set, else what their browser asks for. */
export const LANGUAGES = ["en", "de"] as const;
export type Language = (typeof LANGUAGES)[number];
export const LANGUAGE_COOKIE = "language";

export function isLanguage(value: string | undefined): value is Language {
  return LANGUAGES.some((each) => each === value);
}

export function chooseLanguage(set: string | undefined, accepted: string | null): Language {
  if (isLanguage(set)) return set;
  const wishes = (accepted ?? "")
    .split(",")
    .map((wish) => {
      const [tag = "", ...parameters] = wish.trim().toLowerCase().split(";");
      const quality = parameters.map((each) => /^\s*q=([\d.]+)/.exec(each)?.[1]).find(Boolean);
      return { language: tag.split("-")[0], quality: quality === undefined ? 1 : Number(quality) };
    })
    .filter((wish) => wish.quality > 0)
    .sort((one, other) => other.quality - one.quality);
  return wishes.map((wish) => wish.language).find(isLanguage) ?? "en";
}
