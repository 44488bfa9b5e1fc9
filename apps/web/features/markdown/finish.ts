/* What a clean tree gets before it is shown: links that say where they lead, pictures of this site only, captions and
   colours of code, set formulas, tables that scroll, people marked. It runs behind the wall of schema.ts, so all that it
   adds is made here and nothing of it is copied from what a person wrote but text and addresses that were read. */
import type { Element, ElementContent, Parents, Root, RootContent } from "hast";
import { toString } from "hast-util-to-string";
import { fileAddress, namesAnotherHost, readAddress } from "./addresses";
import { nameOfLanguage } from "./languages";
import { LONGEST_CODE, LONGEST_CODE_LINE, LONGEST_FORMULAS } from "./limits";
import { markTyped, mentionOf, type Person } from "./mentions";
import type { Tools } from "./tools";
import type { Words } from "./words";

export interface Setting {
  base: string;
  files?: Readonly<Record<string, string>> | undefined;
  people?: readonly Person[] | undefined;
  tools: Tools;
  words: Words;
}

type Inside = { link: boolean; code: boolean };

export function finish(tree: Root, setting: Setting): Root {
  let tables = 0;
  let codes = 0;
  let formulas = 0;
  const { words, tools } = setting;

  const OF: Record<string, (node: Element, inside: Inside) => ElementContent[]> = {
    a: link,
    img: picture,
    pre: code,
    code: formulaOrCode,
    table,
    input: tick,
    li: item,
    section: footnotes,
    h1: heading,
    h2: heading,
    h3: heading,
    h4: heading,
    h5: heading,
    h6: heading,
  };

  walk(tree, { link: false, code: false });
  return tree;

  function walk(parent: Parents, inside: Inside): void {
    const children: RootContent[] = [];
    for (const child of parent.children) {
      if (child.type === "element") {
        walk(child, {
          link: inside.link || child.tagName === "a",
          code: inside.code || /^(?:pre|code|kbd|samp)$/.test(child.tagName),
        });
        const finishIt = Object.hasOwn(OF, child.tagName) ? OF[child.tagName] : undefined;
        const made = finishIt ? finishIt(child, inside) : [child];
        const before = children.at(-1);
        // The sign of `@[Name](mention://...)` stands before the link and is in its mark.
        if (child.tagName === "a" && isMention(made[0]) && before?.type === "text" && before.value.endsWith("@"))
          before.value = before.value.slice(0, -1);
        children.push(...made);
      } else if (child.type === "text" && setting.people && !inside.link && !inside.code && child.value.includes("@")) {
        children.push(...markTyped(child, setting.people));
      } else {
        children.push(child);
      }
    }
    parent.children = children as typeof parent.children;
  }

  function link(node: Element, inside: Inside): ElementContent[] {
    const { href } = node.properties;
    // What the parsers of HTML would take apart otherwise: a link in a link.
    if (inside.link || typeof href !== "string") return [element("span", keep(node), node.children)];
    if (href.startsWith("#")) return [node];
    const mention = mentionOf(node);
    if (mention) return [mention];
    const address = readAddress(href, setting.base);
    if (!address) return [element("span", keep(node), node.children)];
    node.properties.href = address.kind === "local" ? fileAddress(address.href, setting.files) : address.href;
    if (address.kind !== "external") return [node];
    node.properties.rel = ["noopener", "noreferrer", "nofollow"];
    return address.disguised || namesAnotherHost(toString(node), address.host)
      ? [node, element("span", { className: ["host"], dir: "ltr" }, [{ type: "text", value: ` (${address.host})` }])]
      : [node];
  }

  function picture(node: Element, inside: Inside): ElementContent[] {
    const alt = typeof node.properties.alt === "string" ? node.properties.alt : "";
    const address = typeof node.properties.src === "string" ? readAddress(node.properties.src, setting.base) : null;
    if (address?.kind === "local") {
      const src = fileAddress(address.href, setting.files);
      return [element("img", { ...keep(node), src, alt, loading: "lazy", decoding: "async" }, [])];
    }
    const text: ElementContent[] = [{ type: "text", value: alt || words.picture }];
    // Another site would learn who reads what and when, so its pictures are links.
    if (address?.kind !== "external" || inside.link) return text;
    return link(element("a", { href: address.href }, text), inside);
  }

  function code(node: Element): ElementContent[] {
    const inner = node.children.find((child) => child.type === "element");
    if (inner && isFormula(inner)) return node.children;
    const written = inner?.tagName === "code" ? languageOf(inner) : null;
    const text = toString(node);
    const language = written && nameOfLanguage(written);
    if (
      language &&
      inner &&
      tools.lowlight?.registered(language) &&
      text.length <= LONGEST_CODE &&
      !hasLongLine(text)
    ) {
      try {
        inner.children = tools.lowlight.highlight(language, text).children as ElementContent[];
      } catch {
        // A grammar that gives up leaves the code as it is.
      }
    }
    codes += 1;
    const label = [words.code, written, codes].filter(Boolean).join(" ");
    const pre = element(
      "pre",
      { tabIndex: 0, role: "group", ariaLabel: label, dir: "ltr", translate: "no" },
      node.children,
    );
    const caption: ElementContent[] = written ? [element("span", {}, [{ type: "text", value: written }])] : [];
    return [
      element("div", { className: written ? ["code", "named"] : ["code"] }, [
        element("div", { className: ["caption"] }, [...caption, element("button", {}, [])]),
        pre,
      ]),
    ];
  }

  function formulaOrCode(node: Element): ElementContent[] {
    const classes = classesOf(node);
    const display =
      classes.includes("math-display") || (classes.includes("language-math") && !classes.includes("math-inline"));
    if (!display && !classes.includes("math-inline")) return [node];
    const tex = toString(node);
    formulas += tex.length + 60;
    const set = formulas <= LONGEST_FORMULAS ? tools.toFormula?.(tex, display) : null;
    if (!set) return [element("code", { className: ["tex"] }, node.children)];
    const className = display ? ["formula", "display"] : ["formula"];
    return [
      element("span", display ? { className, tabIndex: 0, role: "group", dir: "ltr" } : { className, dir: "ltr" }, set),
    ];
  }

  function table(node: Element): ElementContent[] {
    tables += 1;
    const label = `${words.table} ${tables}`;
    return [element("div", { className: ["table"], tabIndex: 0, role: "group", ariaLabel: label }, [node])];
  }

  function item(node: Element): ElementContent[] {
    const first = node.children.find((child) => child.type === "element");
    const box = first?.tagName === "p" ? first.children[0] : first;
    if (box?.type === "element" && box.tagName === "input") {
      node.properties.className = ["task"];
      box.properties.ariaLabel = toString(node).trim().slice(0, 200);
    }
    return [node];
  }

  function tick(node: Element): ElementContent[] {
    return [element("input", { type: "checkbox", disabled: true, checked: node.properties.checked === true }, [])];
  }

  function footnotes(node: Element): ElementContent[] {
    if ("dataFootnotes" in node.properties) node.properties.className = ["footnotes"];
    return [node];
  }

  function heading(node: Element): ElementContent[] {
    const { id } = node.properties;
    const text = toString(node).trim();
    if (typeof id !== "string" || !text || id.endsWith("footnote-label")) return [node];
    const href = `#${encodeURIComponent(id)}`;
    const anchor = element("a", { className: ["anchor"], href, ariaLabel: `${words.linkTo} ${text}` }, []);
    return [element("div", { className: ["heading"] }, [node, anchor])];
  }
}

function element(tagName: string, properties: Element["properties"], children: ElementContent[]): Element {
  return { type: "element", tagName, properties, children };
}

/** What survives of an element's attributes when it becomes another one. */
function keep(node: Element): Element["properties"] {
  const { id, title, dir, width, height } = node.properties;
  return Object.fromEntries(
    Object.entries({ id, title, dir, width, height }).filter(([, value]) => value !== undefined),
  );
}

function classesOf(node: Element): string[] {
  return Array.isArray(node.properties.className) ? node.properties.className.map(String) : [];
}

function languageOf(node: Element): string | null {
  const found = classesOf(node).find((name) => name.startsWith("language-"));
  return found ? found.slice("language-".length) : null;
}

function isFormula(node: Element): boolean {
  return classesOf(node).some((name) => name === "formula" || name === "tex");
}

function isMention(node: ElementContent | undefined): boolean {
  return node?.type === "element" && classesOf(node).includes("mention");
}

function hasLongLine(text: string): boolean {
  return text.split("\n").some((line) => line.length > LONGEST_CODE_LINE);
}
