/* Which HTML of what people write is kept. This list is the wall: what it leaves has no script, no style, no form, no
   class but a code block's language, no id without our prefix. Everything that runs after it (links, maths, colours of
   code) may only add what it made itself. */
import type { Schema } from "hast-util-sanitize";

const INLINE =
  "a abbr b bdi br cite code del dfn em i img ins kbd mark q rp rt ruby s samp small span strong sub sup tt u var wbr";
const BLOCK =
  "blockquote dd details div dl dt figcaption figure h1 h2 h3 h4 h5 h6 hr input li ol p pre section summary table tbody td tfoot th thead tr ul";
/* Their content is no text. */
const DROPPED_WHOLE =
  "script style iframe svg math noscript noembed noframes template object embed audio video canvas select textarea title xmp head frameset";

const KEPT = [...INLINE.split(" "), ...BLOCK.split(" ")];

/** Names of HTML. Any other in angle brackets is something a person meant to be read: `Vec<Address256>`, `<your name>`. */
const HTML_NAMES = new Set([
  ...KEPT,
  ...DROPPED_WHOLE.split(" "),
  ..."html body base link meta form button option optgroup label fieldset legend output progress meter dialog menu slot portal center font big strike marquee blink applet param source track picture map area frame isindex plaintext listing keygen bgsound layer ilayer nav main header footer article aside hgroup time data caption col colgroup image search fencedframe selectedcontent".split(
    " ",
  ),
]);

export function schemaFor(prefix: string): Schema {
  return {
    tagNames: KEPT,
    strip: DROPPED_WHOLE.split(" "),
    attributes: {
      a: ["href", "dataFootnoteRef", "dataFootnoteBackref", "ariaDescribedBy", "ariaLabel"],
      img: ["src", "alt", ["width", /^\d{1,4}$/], ["height", /^\d{1,4}$/]],
      code: [["className", /^language-[\w+#.-]{1,40}$/, "math-inline", "math-display"]],
      details: ["open"],
      input: [["type", "checkbox"], ["disabled", true], "checked"],
      li: [["value", /^-?\d{1,9}$/]],
      ol: [["start", /^-?\d{1,9}$/], "reversed"],
      section: ["dataFootnotes"],
      td: [
        ["align", "left", "center", "right"],
        ["colSpan", /^\d{1,2}$/],
        ["rowSpan", /^\d{1,2}$/],
      ],
      th: [
        ["align", "left", "center", "right"],
        ["colSpan", /^\d{1,2}$/],
        ["rowSpan", /^\d{1,2}$/],
      ],
      "*": ["id", "title", ["dir", "ltr", "rtl", "auto"]],
    },
    required: { input: { type: "checkbox", disabled: true } },
    clobber: ["id", "ariaDescribedBy"],
    clobberPrefix: prefix,
    protocols: { href: ["http", "https", "mailto", "mention"], src: ["http", "https"] },
    ancestors: {
      li: ["ol", "ul"],
      tbody: ["table"],
      td: ["table"],
      tfoot: ["table"],
      th: ["table"],
      thead: ["table"],
      tr: ["table"],
      summary: ["details"],
    },
    allowComments: false,
    allowDoctypes: false,
  };
}

/** What looks like a tag and is none becomes text again, so that it is read and not swallowed. */
export function tagsThatAreText(html: string): string {
  return html.replace(/<(\/?)([a-z][^\s/>]*)/gi, (whole, slash: string, name: string) =>
    HTML_NAMES.has(name.toLowerCase()) ? whole : `&lt;${slash}${name}`,
  );
}
