"use client";

import { Button } from "@dfworx/ui/Button";
import clsx from "clsx";
import { Paperclip, X } from "lucide-react";
import { useTranslations } from "next-intl";

import type { Attached } from "./useAttachments";

interface Props {
  items: Attached[];
  remove: (item: Attached) => void;
}

/** Below what is written: each file with how far it is, or why it wasn't taken. */
export function AttachedFiles({ items, remove }: Props) {
  const t = useTranslations("composing");
  if (items.length === 0) return null;
  return (
    <ul aria-label={t("attached")} className="flex flex-wrap gap-1.5 px-2 pt-1">
      {items.map((item) => (
        <li
          key={item.id}
          className={clsx(
            "flex max-w-full items-center gap-1.5 rounded-sm border ps-2 text-xs",
            item.refusal ? "border-danger text-danger" : "border-line-strong text-ink-2",
          )}
        >
          <Paperclip className="size-3.5 shrink-0" aria-hidden />
          <span className={clsx("min-w-0", item.refusal ? "py-1" : "max-w-60 truncate")} dir="auto" title={item.name}>
            {item.refusal ? t("fileRefused", { name: item.name, reason: item.refusal }) : item.name}
          </span>
          {!item.stored && !item.refusal && (
            <progress
              aria-label={t("uploading", { name: item.name })}
              // All is sent, and the service has yet to say so.
              value={item.part < 1 ? item.part : undefined}
              className="h-1 w-16 accent-primary"
            />
          )}
          <Button
            look="ghost"
            size="smallIcon"
            aria-label={t("removeFile", { name: item.name })}
            onClick={() => remove(item)}
          >
            <X aria-hidden />
          </Button>
        </li>
      ))}
    </ul>
  );
}
