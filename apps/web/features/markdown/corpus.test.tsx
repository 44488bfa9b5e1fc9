/* Real documents: 584 Ethereum Improvement Proposals where they are at hand (they aren't shipped), and always one
   passage in their manner. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { JSDOM } from "jsdom";
import { expect, test } from "vitest";
import { readHeadings } from "./readHeadings";
import { render } from "./testing";
import { english } from "./words";

/* Beside the checkout, as the import's tests have it. */
const SHARED = process.env.DFWORX_CORPUS ?? "/work/shared/data/eips";

test.runIf(existsSync(SHARED))(
  "every real document is laid out whole",
  async () => {
    const names = readdirSync(SHARED).filter((name) => name.endsWith(".md"));
    let slowest = { name: "", took: 0 };
    for (const name of names) {
      const source = readFileSync(`${SHARED}/${name}`, "utf8");
      const from = process.cpuUsage();
      const html = await render(source, { base: "/posts/" });
      const { user, system } = process.cpuUsage(from);
      if (user + system > slowest.took) slowest = { name, took: user + system };
      expect(html, name).not.toContain(english.plain);
      const document = JSDOM.fragment(html);
      const ids = [...document.querySelectorAll("[id]")].map((element) => element.id);
      expect(new Set(ids).size, name).toBe(ids.length);
      for (const { id } of readHeadings(source)) expect(ids, name).toContain(id);
      expect(document.querySelector("script, iframe, style, form, [onclick], .katex-error"), name).toBeNull();
    }
    console.info(
      `${names.length} documents; the slowest, ${slowest.name}, took ${Math.round(slowest.took / 1000)} ms of processor time`,
    );
  },
  600_000,
);

test("a passage in their manner is laid out whole", async () => {
  const source = [
    "---\neip: 9999\ntitle: Sample\nauthor: Ann (@ann), Bo <bo@lumen.example>\nrequires: 1559, 2718\n---\n\n## Abstract",
    "A call returns `DATA|Array<DATA>`, see [EIP-1559](./eip-1559.md#abstract).<br>Costs G<sub>base</sub> + 2<sup>n</sup>.",
    "| Name | Value |\n|-|-|\n| `A_B` | `2**17` \\| `0x01` |",
    "```python\ndef f(x: int) -> int:\n    return x\n```",
    "$C = \\lceil \\frac{n}{2} \\rceil$ for $n > 1$, at $5 or $6.",
    '1. one\n   ```json\n   {"a": [1]}\n   ```\n2. two[^1]\n\n[^1]: <https://lumen.example/a_b_c>',
  ].join("\n\n");
  const document = JSDOM.fragment(await render(source, { base: "/posts/" }));
  expect(document.textContent).not.toContain("requires");
  expect(document.querySelectorAll(".table, .code.named, .formula, br, sub, .footnotes").length).toBe(8);
  expect(document.querySelector("p a")?.getAttribute("href")).toBe("/posts/eip-1559.md#abstract");
});
