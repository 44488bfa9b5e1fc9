"use client";

import { Key } from "@dfworx/ui/Button";
import { useTranslations } from "next-intl";

import { useIsApple } from "@/features/shortcuts/letters";

/** Which keys do what in here; not where there are none. */
export function PaletteFoot({ showShortcuts }: { showShortcuts: () => void }) {
  const t = useTranslations("finding.palette");
  const modifier = useIsApple() ? "⌘" : "Ctrl";
  const hint = "flex items-center gap-[5px]";
  return (
    <div className="flex shrink-0 items-center gap-4 border-t border-line bg-sunken px-4 py-[9px] text-xs text-ink-3 max-md:hidden">
      <span className={hint}>
        <Key>↑</Key>
        <Key>↓</Key> {t("move")}
      </span>
      <span className={hint}>
        <Key>↵</Key> {t("opens")}
      </span>
      <span className={hint}>
        <Key>{modifier}</Key>
        <Key>↵</Key> {t("newTab")}
      </span>
      <button type="button" onClick={showShortcuts} className={`${hint} ms-auto rounded-xs hover:text-ink`}>
        <Key>?</Key> {t("shortcutsHint")}
      </button>
    </div>
  );
}
