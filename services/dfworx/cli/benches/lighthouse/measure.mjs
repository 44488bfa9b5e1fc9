/**
 * Lighthouse on pages of a running install, as the signed-in person whose cookies are given. Reads what to do as JSON from
 * standard input ({chromium, origin, cookies, pages: [{name, path, heading, isOpenToAll}], reports}) and answers with one line
 * a measurement. A page is looked at before it is measured: what leads to another address, or has another heading, is
 * not measured but said.
 */
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { text } from "node:stream/consumers";

import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

const asked = JSON.parse(await text(process.stdin));
const CATEGORIES = ["performance", "accessibility", "best-practices"];
/** On a busy machine Chromium's trace sometimes lacks its beginning. */
const LOST = "NO_NAVSTART";
const TRIES = 3;
const FIGURES = {
  lcp: "largest-contentful-paint",
  cls: "cumulative-layout-shift",
  tbt: "total-blocking-time",
  bytes: "total-byte-weight",
};

const browser = await puppeteer.launch({
  executablePath: asked.chromium,
  // Its sandbox doesn't work for root, nor in most containers; it is shown our own pages only.
  args: ["--headless=new", "--no-sandbox"],
});
try {
  for (const each of asked.pages) console.log(JSON.stringify({ name: each.name, ...(await measure(each)) }));
} finally {
  await browser.close();
}

async function measure({ name, path: place, heading, isOpenToAll }) {
  if (!isOpenToAll) await browser.setCookie(...asked.cookies);
  const url = asked.origin + place;
  // The first visit brings the time zone; what is measured has an empty cache all the same.
  await look(url, heading);
  const options = { port: new URL(browser.wsEndpoint()).port, logLevel: "error", onlyCategories: CATEGORIES };
  let lhr;
  for (let left = TRIES; left > 0; left--) {
    ({ lhr } = await lighthouse(url, options, desktopConfig));
    if (lhr.runtimeError?.code !== LOST) break;
  }
  if (lhr.runtimeError) throw new Error(`${url}: ${lhr.runtimeError.message}`);
  if (lhr.finalDisplayedUrl !== url) throw new Error(`${url} led to ${lhr.finalDisplayedUrl}.`);
  await writeFile(path.join(asked.reports, `${name}.json`), JSON.stringify(lhr));
  return {
    scores: Object.fromEntries(CATEGORIES.map((category) => [category, lhr.categories[category].score])),
    figures: Object.fromEntries(Object.entries(FIGURES).map(([key, audit]) => [key, lhr.audits[audit].numericValue])),
    failed: Object.values(lhr.audits)
      .filter((audit) => audit.score === 0 && audit.scoreDisplayMode === "binary")
      .map((audit) => audit.id),
  };
}

async function look(url, heading) {
  const page = await browser.newPage();
  await page.goto(url, { waitUntil: "networkidle0" });
  const found = await page.$eval("h1", (element) => element.textContent);
  if (page.url() !== url || found !== heading) throw new Error(`${url} led to ${page.url()}, headed "${found}".`);
  await page.close();
}
