"use client";

import { createContext, useCallback, useContext, useLayoutEffect, useRef, useState, type ReactNode } from "react";

import { deedOfChord, makeLetterReader, takesLetters, type Deed } from "./bindings";
import { isOnRow } from "./focus";
import { lettersAreOn } from "./letters";

type Acts = Map<Deed, (() => void)[]>;
const ON_ROWS: Record<string, Deed> = { ArrowDown: "next", ArrowUp: "previous", Home: "first", End: "last" };
const Context = createContext<Acts | null>(null);

/** Listens for the whole page. What a deed does is said by whoever is there to do it: `useShortcut`. */
export function Shortcuts({ children }: { children: ReactNode }) {
  const [acts] = useState<Acts>(() => new Map());
  useLayoutEffect(() => {
    const readLetter = makeLetterReader();
    const pressed = (event: KeyboardEvent) => {
      // A part that has this key for itself, such as an editor, has taken it.
      if (event.defaultPrevented) return;
      let deed = deedOfChord(event);
      if (!deed && lettersAreOn() && !takesLetters(event.target)) deed = readLetter(event, event.timeStamp);
      const isBare = !event.ctrlKey && !event.metaKey && !event.altKey && !event.shiftKey;
      if (!deed && isBare && isOnRow(event.target)) deed = ON_ROWS[event.key] ?? null;
      const act = deed && acts.get(deed)?.at(-1);
      if (!act) return;
      event.preventDefault();
      act();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, [acts]);
  return <Context value={acts}>{children}</Context>;
}

/** Does `act` as long as the caller is on the page; the last to come goes first. From the moment at which what it does is
 * seen: a key that is pressed then is heard. */
export function useShortcut(deed: Deed, act: () => void): void {
  const acts = useContext(Context);
  const latest = useRef(act);
  useLayoutEffect(() => {
    latest.current = act;
  });
  const run = useCallback(() => latest.current(), []);
  useLayoutEffect(() => {
    if (!acts) return;
    acts.set(deed, [...(acts.get(deed) ?? []), run]);
    return () =>
      void acts.set(
        deed,
        (acts.get(deed) ?? []).filter((each) => each !== run),
      );
  }, [acts, deed, run]);
}
