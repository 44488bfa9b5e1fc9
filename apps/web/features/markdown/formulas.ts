/* Maths by KaTeX: MathML for who listens, boxes for who looks. It gets text and never trust: \href, \url, \html... and
   \includegraphics come out as their own letters. Its boxes carry the only style attributes there are (heights that it
   worked out), which is why the policy of the app needs `style-src-attr 'unsafe-inline'`. Sizes are bounded, and prose.css
   clips a formula to its own place, so that no box of it can be laid over something else. */
import type { ElementContent } from "hast";
import { fromHtmlIsomorphic } from "hast-util-from-html-isomorphic";
import katex from "katex";
import { DEEPEST_FORMULA, isTooDeep, LONGEST_FORMULA } from "./limits";

/** Null where it can't be set: the source is shown in its place. */
export function toFormula(tex: string, displayMode: boolean): ElementContent[] | null {
  if (tex.length > LONGEST_FORMULA) return null;
  let html: string;
  try {
    html = katex.renderToString(tex, {
      displayMode,
      maxExpand: 300,
      maxSize: 20,
      output: "htmlAndMathml",
      strict: false,
      throwOnError: true,
      trust: false,
    });
  } catch {
    return null;
  }
  const root = fromHtmlIsomorphic(html, { fragment: true });
  return isTooDeep(root, DEEPEST_FORMULA) ? null : (root.children as ElementContent[]);
}
