"use client";

import { getMe, type Me } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import { Badge } from "@dfworx/ui/Badge";
import { Key } from "@dfworx/ui/Button";
import { useQuery } from "@tanstack/react-query";
import { Search } from "lucide-react";
import { useRouter } from "next/navigation";
import { useTranslations } from "next-intl";
import { Dialog } from "radix-ui";
import { useEffect, useRef, useState, type KeyboardEvent } from "react";

import { addressPath, cut } from "@/features/search/asked";

import { chosenOf, isAnswer } from "./chosen";
import { SEARCH_ALL } from "./deeds";
import { PaletteFoot } from "./PaletteFoot";
import { PaletteRows } from "./PaletteRows";
import type { Row } from "./row";
import { useOffer } from "./rows";

interface PaletteProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  showShortcuts: () => void;
  /** What was typed before the field was there. */
  begun: () => string;
}

/** Find or do, from anywhere. It comes without motion: it is typed, not watched. */
export function Palette({ open, onOpenChange, showShortcuts, begun }: PaletteProps) {
  const t = useTranslations("finding.palette");
  const { data: me } = useQuery(getMe(useApi()));
  const close = () => onOpenChange(false);
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Portal>
        <Dialog.Overlay className="fixed inset-0 z-30 bg-scrim" />
        <Dialog.Content
          aria-describedby={undefined}
          className="fixed inset-x-0 z-30 flex flex-col overflow-hidden border-line-strong bg-raised shadow-dialog max-md:top-0 max-md:max-h-[85dvh] max-md:rounded-b-lg max-md:border-b md:top-[13vh] md:mx-auto md:max-h-[74vh] md:w-160 md:rounded-lg md:border"
        >
          <Dialog.Title className="sr-only">{t("title")}</Dialog.Title>
          <Inside me={me} close={close} showShortcuts={showShortcuts} begun={begun} />
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

interface InsideProps {
  me: Me | undefined;
  close: () => void;
  showShortcuts: () => void;
  begun: () => string;
}

function Inside({ me, close, showShortcuts, begun }: InsideProps) {
  const t = useTranslations("finding.palette");
  const router = useRouter();
  const [typed, setTyped] = useState(begun);
  const words = typed.trim();
  const offer = useOffer(words, useLagging(words), me, showShortcuts);
  const rows = offer.groups.flatMap((group) => group.rows);
  const [moved, setMoved] = useState<string | null>(null);
  const [held, hold] = useState({ words: "", key: "" });
  const key = chosenOf({
    keys: rows.map((row) => row.key),
    moved,
    held: held.words === words ? held.key : null,
    waiting: offer.waiting || offer.messagesWaiting,
    search: SEARCH_ALL,
  });
  const chosen = rows.find((row) => row.key === key);
  if (words && held.words !== words && isAnswer(key, offer.waiting)) hold({ words, key });
  const list = useRef<HTMLDivElement>(null);

  const open = (row: Row, inNewTab: boolean) => {
    if (row.href && inNewTab) return void window.open(row.href, "_blank", "noopener");
    close();
    if (row.href) router.push(row.href);
    else row.act?.();
  };
  const move = (step: number) => {
    const at = rows.findIndex((row) => row.key === chosen?.key);
    const next = rows[(at + step + rows.length) % rows.length];
    if (!next) return;
    setMoved(next.key);
    list.current?.querySelector(`[id="${CSS.escape(idOf(next))}"]`)?.scrollIntoView({ block: "nearest" });
  };
  const pressed = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "?" && !typed) {
      close();
      showShortcuts();
    } else if (event.key === "Enter" && event.shiftKey && words) {
      close();
      router.push(addressPath({ q: words }));
    } else if (event.key === "Enter" && chosen) open(chosen, event.metaKey || event.ctrlKey);
    else return;
    event.preventDefault();
  };

  return (
    <>
      <div className="flex h-[50px] shrink-0 items-center gap-2.5 border-b border-line px-4 max-md:h-14 max-md:pe-2">
        <Search className="size-4 shrink-0 stroke-[1.75] text-ink-2" aria-hidden />
        <input
          value={typed}
          onChange={(event) => {
            setTyped(cut(event.target.value));
            setMoved(null);
          }}
          onKeyDown={pressed}
          placeholder={t("example")}
          aria-label={t("title")}
          role="combobox"
          aria-expanded
          aria-controls="palette-rows"
          aria-autocomplete="list"
          aria-activedescendant={chosen && idOf(chosen)}
          autoComplete="off"
          autoCapitalize="off"
          spellCheck={false}
          enterKeyHint="go"
          dir="auto"
          className="h-full min-w-0 grow bg-transparent text-[1rem] outline-none"
        />
        {me && (
          <span className="max-md:hidden">
            <Badge>{me.organization.name}</Badge>
          </span>
        )}
        <span className="max-md:hidden">
          <Key>esc</Key>
        </span>
        <button type="button" onClick={close} className="h-11 rounded-sm px-3 font-medium text-link md:hidden">
          {t("cancel")}
        </button>
      </div>
      <div ref={list} className="min-h-0 grow overflow-y-auto scroll-quiet pb-2">
        <PaletteRows offer={offer} chosen={chosen?.key} choose={setMoved} open={open} idOf={idOf} />
      </div>
      <PaletteFoot
        showShortcuts={() => {
          close();
          showShortcuts();
        }}
      />
    </>
  );
}

function idOf(row: Row): string {
  return `palette-${row.key}`;
}

const MILLISECONDS_BEHIND = 120;

/** What was typed, once somebody pauses: a word isn't a question a letter. */
function useLagging(words: string): string {
  const [lagging, setLagging] = useState(words);
  useEffect(() => {
    const timer = setTimeout(() => setLagging(words), words ? MILLISECONDS_BEHIND : 0);
    return () => clearTimeout(timer);
  }, [words]);
  return words && lagging;
}
