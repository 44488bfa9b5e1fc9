"use client";

import { Search, X } from "lucide-react";
import { useTranslations } from "next-intl";
import { useEffect, useRef, useState } from "react";

import { cut } from "./asked";

const MILLISECONDS_BEHIND = 250;

interface SearchFieldProps {
  /** What the address says. */
  value: string;
  onChange: (words: string) => void;
}

export function SearchField({ value, onChange }: SearchFieldProps) {
  const t = useTranslations("finding.search");
  const [typed, setTyped] = useState(value);
  const [known, setKnown] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  // Back, or a spelling that was taken over, changes the address without the field.
  if (value !== known) {
    setKnown(value);
    if (value !== typed.trim()) setTyped(value);
  }
  const tell = useRef(onChange);
  useEffect(() => {
    tell.current = onChange;
  });
  useEffect(() => {
    const words = typed.trim();
    if (words === value) return;
    const timer = setTimeout(() => tell.current(words), MILLISECONDS_BEHIND);
    return () => clearTimeout(timer);
  }, [typed, value]);
  useEffect(() => {
    // Whoever comes without words comes to write some; where there are no keys, a keyboard would cover the page.
    const atKeys = window.matchMedia("(pointer: fine)").matches;
    if (atKeys && field.current?.value === "") field.current.focus();
  }, []);
  return (
    <form
      role="search"
      className="relative grow"
      onSubmit={(event) => {
        event.preventDefault();
        onChange(typed.trim());
      }}
    >
      <Search
        className="pointer-events-none absolute start-3 top-1/2 size-4 -translate-y-1/2 stroke-[1.75] text-ink-3"
        aria-hidden
      />
      <input
        ref={field}
        type="text"
        inputMode="search"
        enterKeyHint="search"
        aria-label={t("title")}
        placeholder={t("example")}
        value={typed}
        onChange={(event) => setTyped(cut(event.target.value))}
        autoComplete="off"
        autoCapitalize="off"
        spellCheck={false}
        dir="auto"
        className="h-(--ctl-lg) w-full rounded-sm border border-field bg-sheet ps-9 pe-10 text-[1rem] text-ink focus-visible:rounded-sm focus-visible:border-ring focus-visible:outline-offset-[-1px]"
      />
      {typed && (
        <button
          type="button"
          aria-label={t("empty")}
          onClick={() => {
            setTyped("");
            onChange("");
            field.current?.focus();
          }}
          className="absolute end-1.5 top-1/2 grid size-7 -translate-y-1/2 place-items-center rounded-sm text-ink-3 hover:bg-hover hover:text-ink pointer-coarse:size-11"
        >
          <X className="size-4 stroke-[1.75]" aria-hidden />
        </button>
      )}
    </form>
  );
}
