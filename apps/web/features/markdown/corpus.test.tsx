/* Real documents: 584 Ethereum Improvement Proposals where they are at hand (they aren't shipped), and always a few
   passages in their manner. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { JSDOM } from "jsdom";
import { expect, test } from "vitest";
import { readHeadings } from "./readHeadings";
import { render } from "./testing";
import { english } from "./words";

const FOLDER = process.env.DFWORX_CORPUS ?? new URL("../../../../../shared/data/eips", import.meta.url).pathname;
const SHARED = existsSync(FOLDER) ? FOLDER : "/work/shared/data/eips";

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
    console.info(`${names.length} documents; the slowest, ${slowest.name}, took ${Math.round(slowest.took / 1000)} ms of processor time`);
  },
  600_000,
);
