"use client";

import { Button } from "@dfworx/ui/Button";
import { Menu, MenuItem } from "@dfworx/ui/Menu";
import clsx from "clsx";
import { TableOfContents } from "lucide-react";
import { useEffect, useState } from "react";

import type { Heading } from "@/features/markdown";

interface Props {
  headings: Heading[];
  label: string;
}

/** Beside the text, with the section that is being read marked. */
export function Contents({ headings, label }: Props) {
  const current = useCurrentSection(headings);
  return (
    <nav aria-label={label} className="sticky top-8 max-h-[calc(100dvh-9rem)] overflow-y-auto scroll-quiet text-xs">
      <p className="mb-2 ps-3 font-medium text-ink-3">{label}</p>
      <ol className="border-s-2 border-line">
        {headings.map(({ id, text, depth }) => (
          <li key={id}>
            <a
              href={`#${id}`}
              aria-current={id === current ? "location" : undefined}
              className={clsx(
                "-ms-0.5 block border-s-2 py-1 pe-2 break-words",
                depth > 2 ? "ps-6" : "ps-3",
                id === current ? "border-primary font-medium text-ink" : "border-transparent text-ink-3 hover:text-ink",
              )}
              dir="auto"
            >
              {text}
            </a>
          </li>
        ))}
      </ol>
    </nav>
  );
}

/** The same from the header, where the sheet is narrow. */
export function ContentsMenu({ headings, label }: Props) {
  return (
    <Menu
      align="end"
      trigger={
        <Button look="ghost" size="icon" aria-label={label} className="@min-[50rem]/sheet:hidden max-md:size-11">
          <TableOfContents className="max-md:size-5" aria-hidden />
        </Button>
      }
    >
      {headings.map(({ id, text, depth }) => (
        <MenuItem key={id} asChild>
          <a href={`#${id}`} className={depth > 2 ? "ms-3" : undefined} dir="auto">
            {text}
          </a>
        </MenuItem>
      ))}
    </Menu>
  );
}

/** The last heading that has passed the upper third of the view. */
function useCurrentSection(headings: Heading[]): string | undefined {
  const [current, setCurrent] = useState(headings[0]?.id);
  useEffect(() => {
    const elements = headings.map(({ id }) => document.getElementById(id)).filter((each) => each !== null);
    const observer = new IntersectionObserver(
      () => {
        const line = window.innerHeight / 3;
        const passed = elements.filter((each) => each.getBoundingClientRect().top < line);
        setCurrent((passed.at(-1) ?? elements[0])?.id);
      },
      { rootMargin: "0px 0px -66% 0px" },
    );
    for (const each of elements) observer.observe(each);
    return () => observer.disconnect();
  }, [headings]);
  return current;
}
