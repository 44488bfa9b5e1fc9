"use client";

import { Avatar } from "@dfworx/ui/Avatar";
import { Tick } from "@dfworx/ui/Badge";
import { Clock } from "lucide-react";
import clsx from "clsx";
import Link from "next/link";
import { useTranslations } from "next-intl";
import type { ReactNode } from "react";

import { Time } from "@dfworx/ui/time/Time";

import { plainExcerpt } from "./excerpt";
import type { Told } from "./group";
import { InboxRowMenu } from "./InboxRowMenu";
import { pathOfTold, useSaying } from "./saying";
import { useMarking } from "./useMarking";
import { useMuting } from "./useMuting";

/** Who did what, one line of it, and when. A press marks it read and goes to the very place. */
export function InboxRow({ told }: { told: Told }) {
  const t = useTranslations("finding.inbox");
  const { newest, all, isRead } = told;
  const { post, comment } = newest;
  const marking = useMarking();
  const muting = useMuting();
  const ids = all.map((each) => each.notification_id);
  const actor = newest.actor;
  return (
    <li className="relative mx-2 grid grid-cols-[14px_24px_minmax(0,1fr)_auto_auto] items-start gap-x-3 rounded-md py-2.5 ps-3 pe-2 not-first:before:absolute not-first:before:inset-x-9.5 not-first:before:top-0 not-first:before:border-t not-first:before:border-line hover:bg-hover @max-[44rem]/sheet:mx-1 @max-[44rem]/sheet:grid-cols-[8px_24px_minmax(0,1fr)_auto_auto] @max-[44rem]/sheet:gap-x-2 @max-[44rem]/sheet:ps-2 @max-[44rem]/sheet:not-first:before:inset-x-5">
      <span className="mt-2 grid place-items-center">{!isRead && <Tick>{t("new")}</Tick>}</span>
      {actor ? (
        <Avatar person={actor} decorative />
      ) : (
        <span className="grid size-6 place-items-center rounded-full bg-sunken text-ink-3">
          <Clock className="size-3.5 stroke-[1.75]" aria-hidden />
        </span>
      )}
      <div className="min-w-0">
        <Link
          data-row={told.key}
          href={pathOfTold(newest)}
          onClick={() => !isRead && marking.mutate({ ids, isRead: true })}
          className={clsx(
            "block pt-0.5 text-start break-words after:absolute after:inset-0 after:rounded-md focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-ring",
            isRead ? "text-ink-2" : "text-ink",
          )}
        >
          <Sentence told={told} />
        </Link>
        {comment?.excerpt && (
          <p className="mt-0.5 truncate text-start text-sm text-ink-3" dir="auto">
            {plainExcerpt(comment.excerpt)}
          </p>
        )}
        {(marking.isError || muting.isError) && (
          <p role="alert" className="mt-1 text-xs text-danger">
            {t(marking.isError ? "markFailed" : "muteFailed")}
          </p>
        )}
      </div>
      <Time at={newest.created_at} className="relative mt-1 text-xs whitespace-nowrap text-ink-3" />
      <InboxRowMenu
        told={told}
        setRead={(to) => marking.mutate({ ids, isRead: to })}
        setMuted={(muted) => post && muting.mutate({ postId: post.post_id, muted })}
      />
    </li>
  );
}

function Sentence({ told }: { told: Told }) {
  const t = useTranslations("finding.inbox");
  const { key, who, title } = useSaying()(told);
  const weight = told.isRead ? "font-medium" : "font-semibold";
  return t.rich(key, { who, title, b: (words: ReactNode) => <bdi className={weight}>{words}</bdi> });
}
