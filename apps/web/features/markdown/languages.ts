/* The languages of code that get colours, by the names people write behind ```. A grammar is loaded when a text has it;
   a language that isn't here stays plain. */
import type { LanguageFn } from "highlight.js";

type Load = () => Promise<LanguageFn>;
const from = (module: Promise<{ default: LanguageFn }>): Promise<LanguageFn> => module.then((it) => it.default);

export const grammars: Readonly<Record<string, Load>> = {
  bash: () => from(import("highlight.js/lib/languages/bash")),
  c: () => from(import("highlight.js/lib/languages/c")),
  cpp: () => from(import("highlight.js/lib/languages/cpp")),
  csharp: () => from(import("highlight.js/lib/languages/csharp")),
  css: () => from(import("highlight.js/lib/languages/css")),
  diff: () => from(import("highlight.js/lib/languages/diff")),
  dockerfile: () => from(import("highlight.js/lib/languages/dockerfile")),
  elixir: () => from(import("highlight.js/lib/languages/elixir")),
  go: () => from(import("highlight.js/lib/languages/go")),
  graphql: () => from(import("highlight.js/lib/languages/graphql")),
  haskell: () => from(import("highlight.js/lib/languages/haskell")),
  ini: () => from(import("highlight.js/lib/languages/ini")),
  java: () => from(import("highlight.js/lib/languages/java")),
  javascript: () => from(import("highlight.js/lib/languages/javascript")),
  json: () => from(import("highlight.js/lib/languages/json")),
  kotlin: () => from(import("highlight.js/lib/languages/kotlin")),
  makefile: () => from(import("highlight.js/lib/languages/makefile")),
  markdown: () => from(import("highlight.js/lib/languages/markdown")),
  php: () => from(import("highlight.js/lib/languages/php")),
  python: () => from(import("highlight.js/lib/languages/python")),
  ruby: () => from(import("highlight.js/lib/languages/ruby")),
  rust: () => from(import("highlight.js/lib/languages/rust")),
  scss: () => from(import("highlight.js/lib/languages/scss")),
  shell: () => from(import("highlight.js/lib/languages/shell")),
  solidity: () => import("highlightjs-solidity/src/languages/solidity.js").then((it) => grammarOf(it)),
  sql: () => from(import("highlight.js/lib/languages/sql")),
  swift: () => from(import("highlight.js/lib/languages/swift")),
  typescript: () => from(import("highlight.js/lib/languages/typescript")),
  xml: () => from(import("highlight.js/lib/languages/xml")),
  yaml: () => from(import("highlight.js/lib/languages/yaml")),
};

const ALIASES: Readonly<Record<string, string>> = {
  "c++": "cpp",
  "c#": "csharp",
  cs: "csharp",
  "csl-json": "json",
  docker: "dockerfile",
  golang: "go",
  h: "c",
  html: "xml",
  js: "javascript",
  jsonc: "json",
  jsx: "javascript",
  make: "makefile",
  md: "markdown",
  patch: "diff",
  py: "python",
  python3: "python",
  rb: "ruby",
  rs: "rust",
  sh: "bash",
  sol: "solidity",
  svg: "xml",
  toml: "ini",
  ts: "typescript",
  tsx: "typescript",
  yml: "yaml",
  zsh: "bash",
};

export function nameOfLanguage(written: string): string | null {
  const name = written.toLowerCase();
  const language = Object.hasOwn(ALIASES, name) ? ALIASES[name] : name;
  return language && Object.hasOwn(grammars, language) ? language : null;
}

/* A package of CommonJS: bundlers and Node disagree about where its export is. */
function grammarOf(module: unknown): LanguageFn {
  let found = module;
  while (typeof found === "object" && found && "default" in found) found = found.default;
  return found as LanguageFn;
}
