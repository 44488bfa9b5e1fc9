"use client";

import { Button, Key } from "@dfworx/ui/Button";
import { Menu, MenuItem } from "@dfworx/ui/Menu";
import { Tooltip } from "@dfworx/ui/Tooltip";
import clsx from "clsx";
import {
  AtSign,
  Bold,
  Code,
  Ellipsis,
  Heading,
  Image,
  Italic,
  Link2,
  List,
  ListChecks,
  ListOrdered,
  Sigma,
  SquareCode,
  Strikethrough,
  Table,
  TextQuote,
  type LucideIcon,
} from "lucide-react";
import { useTranslations } from "next-intl";
import { Toolbar as Radix } from "radix-ui";
import { Fragment } from "react";

import { run, type Deed } from "./deeds";
import type { Writing } from "./Source";
import type { Mode } from "./useMode";
import { useShortcut } from "./useShortcut";

interface Tool {
  name: Deed | "image";
  icon: LucideIcon;
  key?: string;
  /** Stays in the row on a phone; the others are in the menu at its end. */
  first?: boolean;
  /** Begins a group. */
  apart?: boolean;
}

const TOOLS: Tool[] = [
  { name: "heading", icon: Heading, first: true },
  { name: "bold", icon: Bold, key: "B", first: true },
  { name: "italic", icon: Italic, key: "I" },
  { name: "strike", icon: Strikethrough },
  { name: "link", icon: Link2, key: "K", first: true, apart: true },
  { name: "code", icon: Code, key: "E" },
  { name: "quote", icon: TextQuote },
  { name: "bullets", icon: List, key: "⇧8", apart: true },
  { name: "numbers", icon: ListOrdered, key: "⇧7" },
  { name: "tasks", icon: ListChecks },
  { name: "table", icon: Table },
  { name: "codeBlock", icon: SquareCode },
  { name: "image", icon: Image, first: true },
  { name: "maths", icon: Sigma },
  { name: "mention", icon: AtSign },
];

interface ToolbarProps {
  writing: Writing | null;
  mode: Mode;
  onMode: (mode: Mode) => void;
}

/** One tab stop; arrows go from tool to tool. */
export function Toolbar({ writing, mode, onMode }: ToolbarProps) {
  const t = useTranslations("editor");
  const shortcut = useShortcut();
  const use = (name: Tool["name"]) => {
    if (name === "image") writing?.pickFiles();
    else if (writing) run(name, writing.view, { column: t("column") });
  };
  const off = !writing || mode === "read";
  return (
    <Radix.Root
      aria-label={t("toolbar")}
      className="flex h-10 shrink-0 items-center gap-0.5 border-b border-line px-3 pointer-coarse:h-13 @max-[44rem]/sheet:px-2"
    >
      {TOOLS.map(({ name, icon: Icon, key, first, apart }) => (
        <Fragment key={name}>
          {apart && <Radix.Separator className="mx-1.5 h-4 border-s border-line @max-[44rem]/sheet:hidden" />}
          <Tooltip text={t(`tools.${name}`)} {...(key && { shortcut: shortcut(key) })}>
            <Radix.Button asChild disabled={off}>
              <Button
                look="ghost"
                size="smallIcon"
                aria-label={t(`tools.${name}`)}
                className={clsx(
                  "disabled:border-transparent disabled:bg-transparent",
                  !first && "@max-[44rem]/sheet:hidden",
                )}
                // The text keeps its selection.
                onMouseDown={(event) => event.preventDefault()}
                onClick={() => use(name)}
              >
                <Icon aria-hidden />
              </Button>
            </Radix.Button>
          </Tooltip>
        </Fragment>
      ))}
      <span className="@min-[44rem]/sheet:hidden">
        <Menu
          align="start"
          trigger={
            <Radix.Button asChild disabled={off}>
              <Button
                look="ghost"
                size="smallIcon"
                aria-label={t("moreTools")}
                className="disabled:border-transparent disabled:bg-transparent"
              >
                <Ellipsis aria-hidden />
              </Button>
            </Radix.Button>
          }
        >
          {TOOLS.filter((each) => !each.first).map(({ name, icon: Icon }) => (
            <MenuItem key={name} icon={<Icon aria-hidden />} onSelect={() => setTimeout(() => use(name))}>
              {t(`tools.${name}`)}
            </MenuItem>
          ))}
        </Menu>
      </span>
      <span className="grow" />
      <span className="me-2 text-xs text-ink-3 pointer-coarse:hidden @max-[60rem]/sheet:hidden">
        {t.rich("slashHint", { key: () => <Key>/</Key> })}
      </span>
      <Radix.ToggleGroup
        type="single"
        value={mode}
        onValueChange={(next) => next && onMode(next as Mode)}
        aria-label={t("shown")}
        className="flex gap-0.5"
      >
        {(["write", "both", "read"] as const).map((each) => (
          <Radix.ToggleItem
            key={each}
            value={each}
            className={clsx(
              "h-7 rounded-sm px-2.5 text-sm font-medium text-ink-2 hover:text-ink focus-visible:rounded-sm data-[state=on]:bg-hover data-[state=on]:text-ink pointer-coarse:h-9",
              each === "both" && "@max-[60rem]/sheet:hidden",
              // Where there is room for one, both is writing.
              each === "write" && mode === "both" && "@max-[60rem]/sheet:bg-hover @max-[60rem]/sheet:text-ink",
            )}
          >
            {t(`modes.${each}`)}
          </Radix.ToggleItem>
        ))}
      </Radix.ToggleGroup>
    </Radix.Root>
  );
}
