"use client";

import { Badge } from "@dfworx/ui/Badge";
import { Button } from "@dfworx/ui/Button";
import clsx from "clsx";
import { ChevronLeft, Hash } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

import { FindIcon } from "@/features/palette/FindButton";
import { SHEET } from "@/features/shell/BareSheet";
import { ConnectionBanner } from "@/features/shell/ConnectionBanner";
import { CONTENT } from "@/features/shell/content";
import { NearLink } from "@/features/shell/NearLink";

import { NewThreadButton } from "./deeds/NewThread";

interface Props {
  /** A phone shows the thread alone, or the list. */
  isThread: boolean;
  /** Null until it is known. */
  name: string | null;
  /** Where the name leads, such as to the post. */
  href?: string | undefined;
  isArchived?: boolean;
  list: ReactNode;
  /** At the end of the thread's header. */
  actions?: ReactNode;
  children?: ReactNode;
}

const HEADER = "flex h-13 shrink-0 items-center gap-2 border-b border-line md:h-(--header-h)";

/** One sheet with the threads and the one that is open. */
export function ChatFrame({ isThread, name, href, isArchived, list, actions, children }: Props) {
  const t = useTranslations("chat");
  const ListTitle = isThread ? "p" : "h1";
  return (
    <main id={CONTENT} tabIndex={-1} className={clsx("@container/sheet md:flex-row", SHEET)}>
      <nav
        aria-label={t("threads")}
        className={clsx(
          "flex min-h-0 flex-col border-line md:w-66 md:shrink-0 md:border-e",
          isThread ? "max-md:hidden" : "grow md:grow-0",
        )}
      >
        <div className={clsx(HEADER, "ps-4 pe-2")}>
          <ListTitle className="grow text-[1.0625rem] font-semibold tracking-[-0.005em] md:text-base">
            {t("title")}
          </ListTitle>
          <FindIcon />
          <NewThreadButton />
        </div>
        <div className="min-h-0 grow overflow-y-auto scroll-quiet px-2 pb-3">{list}</div>
      </nav>
      <div className={clsx("flex min-h-0 min-w-0 grow flex-col", !isThread && "max-md:hidden")}>
        <header className={clsx(HEADER, "ps-1 pe-2 md:ps-5 md:pe-3")}>
          <Button asChild look="ghost" size="icon" className="size-11 md:hidden [&_svg]:size-5">
            <NearLink href="/chat" aria-label={t("back")}>
              <ChevronLeft className="rtl:-scale-x-100" aria-hidden />
            </NearLink>
          </Button>
          {isThread && (
            <h1 className="flex min-w-0 grow items-center gap-2 text-[1.0625rem] font-semibold tracking-[-0.005em] md:text-base">
              <Hash className="size-4 shrink-0 stroke-[1.75] text-ink-3 max-md:hidden" aria-hidden />
              <span className="min-w-0 truncate" dir="auto">
                {href ? (
                  <NearLink href={href} className="hover:underline focus-visible:-outline-offset-2">
                    {name}
                  </NearLink>
                ) : (
                  name
                )}
              </span>
              {isArchived && <Badge>{t("archived")}</Badge>}
            </h1>
          )}
          {actions}
        </header>
        <ConnectionBanner />
        {children}
      </div>
    </main>
  );
}
