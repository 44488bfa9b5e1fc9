import { Avatar } from "@dfworx/ui/Avatar";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

import { Time } from "@dfworx/ui/time/Time";

interface MessageLineProps {
  author: { user_id: string; name: string | null };
  at: number;
  open: () => void;
  children: ReactNode;
}

/** A message in a small list: who, when, two lines of it. */
export function MessageLine({ author, at, open, children }: MessageLineProps) {
  const t = useTranslations("deeds");
  return (
    <button
      type="button"
      onClick={open}
      className="flex w-full gap-2.5 rounded-sm px-2 py-1.5 text-start hover:bg-hover pointer-coarse:min-h-11"
    >
      <Avatar person={author} decorative />
      <span className="min-w-0 grow">
        <span className="flex items-baseline gap-2">
          <span className="truncate font-semibold" dir="auto">
            {author.name ?? t("somebody")}
          </span>
          <Time at={new Date(at).toISOString()} className="shrink-0 text-xs text-ink-3" />
        </span>
        <span dir="auto" className="line-clamp-2 text-start break-words text-ink-2">
          {children}
        </span>
      </span>
    </button>
  );
}
