/**
 * What a frame costs while somebody scrolls a long thread and while they type beside others, by Chromium's trace: the time
 * that the page's main thread works from the beginning of one frame to the beginning of the next. Reads what to do as JSON
 * from standard input ({chromium, origin, cookies, thread, editor, seconds}) and answers with one line a measurement.
 */
import { text } from "node:stream/consumers";
import { setTimeout as sleep } from "node:timers/promises";

import puppeteer from "puppeteer-core";

const asked = JSON.parse(await text(process.stdin));
const CATEGORIES = ["devtools.timeline", "disabled-by-default-devtools.timeline", "devtools.timeline.frame"];
/** Where the trace says that a frame begins to be made. */
const FRAME = "AnimationFrame::Render";
const SCROLLED_PIXELS_A_SECOND = 3_000;
const KEY_MS = 90;

const browser = await puppeteer.launch({
  executablePath: asked.chromium,
  // Its sandbox doesn't work for root, nor in most containers; it is shown our own pages only.
  args: ["--headless=new", "--no-sandbox", "--window-size=1440,900"],
  defaultViewport: { width: 1440, height: 900 },
});
try {
  await browser.setCookie(...asked.cookies);
  if (asked.thread) tell("scrolling", await trace(asked.thread, "[role=log]", scroll));
  if (asked.editor) tell("typing", await trace(asked.editor, ".cm-content", type));
} finally {
  await browser.close();
}

function tell(name, measured) {
  console.log(JSON.stringify({ name, ...measured }));
}

async function trace(path, shown, act) {
  const page = await browser.newPage();
  await page.goto(asked.origin + path);
  const element = await page.waitForSelector(shown, { timeout: 60_000 });
  await act(page, element, 1);
  await page.tracing.start({ categories: CATEGORIES });
  const noted = await act(page, element, asked.seconds);
  const { traceEvents } = JSON.parse(new TextDecoder().decode(await page.tracing.stop()));
  await page.close();
  return { frames: framesOf(traceEvents, "tdur"), elapsed: framesOf(traceEvents, "dur"), noted };
}

/** Upwards, into what was said before; gives how far it came. */
async function scroll(page, element, seconds) {
  const box = await element.boundingBox();
  const session = await page.createCDPSession();
  await session.send("Input.synthesizeScrollGesture", {
    x: Math.round(box.x + box.width / 2),
    y: Math.round(box.y + box.height / 2),
    yDistance: SCROLLED_PIXELS_A_SECOND * seconds,
    speed: SCROLLED_PIXELS_A_SECOND,
    gestureSourceType: "mouse",
  });
  return seconds * SCROLLED_PIXELS_A_SECOND;
}

/** Gives how many carets of others are shown. */
async function type(page, element, seconds) {
  await element.focus();
  await page.keyboard.down("Control");
  await page.keyboard.press("Home");
  await page.keyboard.up("Control");
  const until = performance.now() + seconds * 1000;
  while (performance.now() < until) {
    await page.keyboard.type("a");
    await sleep(KEY_MS);
  }
  return (await page.$$(".cm-their-caret")).length;
}

/** Milliseconds of each frame: of the processor ("tdur"), or as they passed ("dur"), while others had it too. */
function framesOf(events, length) {
  const begun = events.filter(({ name, ph }) => name === FRAME && ph === "b");
  const busiest = mostFrequent(begun.map(({ pid, tid }) => `${pid} ${tid}`));
  const isHere = ({ pid, tid }) => `${pid} ${tid}` === busiest;
  const starts = begun
    .filter(isHere)
    .map(({ ts }) => ts)
    .sort((one, other) => one - other);
  const tasks = events
    .filter((each) => each.name === "RunTask" && each.ph === "X" && isHere(each))
    .sort((one, other) => one.ts - other.ts);
  const frames = new Array(Math.max(0, starts.length - 1)).fill(0);
  let frame = 0;
  for (const task of tasks) {
    const { ts, dur } = task;
    // The task that a frame begins in has begun before it.
    while (frame + 1 < starts.length && starts[frame + 1] < ts + dur) frame++;
    if (frame < frames.length && starts[frame] < ts + dur) frames[frame] += task[length] / 1000;
  }
  return frames;
}

function mostFrequent(values) {
  const counts = new Map();
  for (const each of values) counts.set(each, (counts.get(each) ?? 0) + 1);
  return [...counts].sort((one, other) => other[1] - one[1])[0]?.[0];
}
