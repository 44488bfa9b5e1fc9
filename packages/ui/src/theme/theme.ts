/** Light, dark, or as the machine says. The choice is a cookie, so that the server's first byte has the right one. */
export const THEMES = ["light", "dark", "system"] as const;
export type Theme = (typeof THEMES)[number];
export const THEME_COOKIE = "theme";

export function chooseTheme(set: string | undefined): Theme {
  return THEMES.find((each) => each === set) ?? "system";
}

/** Runs before the first paint, by the page's nonce: only the browser knows what the machine says. */
export const THEME_SCRIPT = `(function(){var d=document.documentElement,m=matchMedia("(prefers-color-scheme: dark)");
function s(){if(d.dataset.choice==="system")d.dataset.theme=m.matches?"dark":"light"}s();m.addEventListener("change",s)})()`;
