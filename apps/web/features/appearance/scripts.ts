/** Scripts that the main typeface doesn't have, each with the styles that name its font's files. The files themselves a
 * browser fetches by the characters that it shows; naming them all would be 34 kB for pages that need none. */
export const SCRIPTS: { letters: RegExp; load: () => Promise<unknown> }[] = [
  {
    letters: /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u,
    load: () => import("@fontsource-variable/noto-sans-sc/index.css"),
  },
  { letters: /\p{Script=Arabic}/u, load: () => import("@fontsource-variable/noto-sans-arabic/index.css") },
  { letters: /\p{Script=Hebrew}/u, load: () => import("@fontsource-variable/noto-sans-hebrew/index.css") },
  { letters: /\p{Extended_Pictographic}/u, load: () => import("@fontsource-variable/noto-emoji/index.css") },
];
