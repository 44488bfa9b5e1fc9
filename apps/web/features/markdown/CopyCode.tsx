"use client";
/* The one part of a rendered text that runs in the browser. It takes the code from the page, so that the code isn't sent
   a second time. Where no script runs, code.css hides it. */
import { Check, Copy } from "lucide-react";
import { type MouseEvent, useEffect, useState } from "react";

const SHOWN_FOR = 2000;

export function CopyCode({ copy, copied }: { copy: string; copied: string }) {
  const [done, setDone] = useState(false);
  useEffect(() => {
    if (!done) return undefined;
    const timer = setTimeout(() => setDone(false), SHOWN_FOR);
    return () => clearTimeout(timer);
  }, [done]);

  async function copyCode(event: MouseEvent<HTMLButtonElement>) {
    const code = event.currentTarget.closest(".code")?.querySelector("pre")?.textContent ?? "";
    try {
      await navigator.clipboard.writeText(code.replace(/\n$/, ""));
      setDone(true);
    } catch {
      // The browser said no; the code can still be selected.
    }
  }

  const label = done ? copied : copy;
  return (
    <button type="button" className="copy" aria-label={label} title={label} onClick={copyCode}>
      {done ? <Check aria-hidden="true" /> : <Copy aria-hidden="true" />}
    </button>
  );
}
