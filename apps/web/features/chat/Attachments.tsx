"use client";

import { ApiProblem, getFile } from "@dfworx/api";
import { useApi } from "@dfworx/api/react";
import type { Message } from "@dfworx/api/live";
import { useQuery } from "@tanstack/react-query";
import { File } from "lucide-react";
import { useFormatter, useTranslations } from "next-intl";

type Attachment = Message["attachments"][number];

/** What a browser shows as a picture, and the files service has made sure of. */
const PICTURES = ["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif"];
const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"] as const;

export function Attachments({ attachments }: { attachments: readonly Attachment[] }) {
  if (attachments.length === 0) return null;
  return (
    <ul className="my-1 flex flex-col items-start gap-1.5">
      {attachments.map((attachment) => (
        <li key={attachment.file_id} className="max-w-full">
          {PICTURES.includes(attachment.media_type) ? (
            <Picture attachment={attachment} />
          ) : (
            <FileRow attachment={attachment} />
          )}
        </li>
      ))}
    </ul>
  );
}

/** Its place is kept while its address is asked for, so that nothing moves when it comes. */
function Picture({ attachment }: { attachment: Attachment }) {
  const t = useTranslations("chat");
  const { data: file, error } = useQuery(getFile(useApi(), attachment.file_id));
  if (error) return <FileRow attachment={attachment} />;
  return (
    <a
      href={file?.url}
      target="_blank"
      rel="noreferrer"
      aria-label={t("openPicture", { name: attachment.name })}
      className="block h-60 max-w-full overflow-hidden rounded-md border border-line bg-sunken"
      style={{ aspectRatio: file?.width && file.height ? `${file.width} / ${file.height}` : "4 / 3" }}
    >
      {file && <img src={file.url} alt={attachment.name} loading="lazy" className="size-full object-contain" />}
    </a>
  );
}

function FileRow({ attachment }: { attachment: Attachment }) {
  const t = useTranslations("chat");
  const { data: file, error } = useQuery(getFile(useApi(), attachment.file_id));
  const size = useSize(attachment.size_bytes);
  const isGone = error instanceof ApiProblem && error.status === 404;
  return (
    <a
      href={file?.download_url}
      aria-label={t("file", { name: attachment.name, size })}
      className="flex max-w-full items-center gap-2 rounded-sm border border-line-strong px-2.5 py-1.5 text-sm [a[href]&]:hover:bg-hover"
    >
      <File className="size-4 shrink-0 stroke-[1.75] text-ink-3" aria-hidden />
      <span className="truncate" dir="auto">
        {attachment.name}
      </span>
      <span className="shrink-0 text-xs text-ink-3">{isGone ? t("fileGone") : size}</span>
    </a>
  );
}

function useSize(bytes: number): string {
  const format = useFormatter();
  const step = Math.min(UNITS.length - 1, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  const unit = UNITS[step] ?? "byte";
  return format.number(bytes / 1000 ** step, {
    style: "unit",
    unit,
    unitDisplay: "short",
    maximumFractionDigits: step > 1 ? 1 : 0,
  });
}
