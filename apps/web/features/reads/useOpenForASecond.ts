"use client";

import { useEffect, useRef } from "react";

const SECOND = 1000;

/** Acts once, when the page has been before somebody's eyes for a second: in a tab behind others it isn't. */
export function useOpenForASecond(act: () => void): void {
  const latest = useRef(act);
  useEffect(() => {
    latest.current = act;
  });
  useEffect(() => {
    let timer = 0;
    const begin = () => {
      window.clearTimeout(timer);
      if (document.visibilityState === "visible") timer = window.setTimeout(done, SECOND);
    };
    const done = () => {
      document.removeEventListener("visibilitychange", begin);
      latest.current();
    };
    begin();
    document.addEventListener("visibilitychange", begin);
    return () => {
      window.clearTimeout(timer);
      document.removeEventListener("visibilitychange", begin);
    };
  }, []);
}
