"use client";

import { useEffect } from "react";

import { SCRIPTS } from "./scripts";

/** Watches what the page says, and brings the fonts of scripts as they appear in it. A machine that has fonts of its own
 * for them shows those until then. */
export function OtherScripts() {
  useEffect(() => {
    let waiting = 0;
    let missing = SCRIPTS;
    let unseen: Node[] = [document.body];
    const look = () => {
      waiting = 0;
      const text = unseen.map((each) => each.textContent).join("");
      unseen = [];
      const found = missing.filter(({ letters }) => letters.test(text));
      missing = missing.filter((each) => !found.includes(each));
      // What doesn't come, such as offline, stays in the machine's own font until the next visit.
      for (const { load } of found) load().catch(() => undefined);
      if (missing.length === 0) observer.disconnect();
    };
    const soon = () => {
      waiting ||= window.setTimeout(look, 200);
    };
    const observer = new MutationObserver((changes) => {
      for (const { type, target, addedNodes } of changes)
        unseen.push(...(type === "childList" ? addedNodes : [target]));
      soon();
    });
    observer.observe(document.body, { childList: true, subtree: true, characterData: true });
    soon();
    return () => {
      observer.disconnect();
      window.clearTimeout(waiting);
    };
  }, []);
  return null;
}
