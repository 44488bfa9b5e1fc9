import Link from "next/link";
import type { ReactNode } from "react";

import { Time } from "@dfworx/ui/time/Time";

interface FoundRowProps {
  icon: ReactNode;
  href: string;
  title: ReactNode;
  badge?: ReactNode;
  snippet: ReactNode;
  meta: (string | null | undefined)[];
  at?: string;
}

/** The whole row leads to what was found, by its title's link. */
export function FoundRow({ icon, href, title, badge, snippet, meta, at }: FoundRowProps) {
  const said = meta.filter(Boolean).join(" · ");
  return (
    <li className="relative mx-2 grid grid-cols-[24px_minmax(0,1fr)_auto] gap-x-3 rounded-md px-3 py-2.5 not-first:before:absolute not-first:before:inset-x-3 not-first:before:top-0 not-first:before:border-t not-first:before:border-line hover:bg-hover max-md:mx-1">
      <span className="grid h-6 place-items-center">{icon}</span>
      <div className="min-w-0 max-w-[46rem]">
        <div className="flex min-w-0 items-center gap-2">
          <Link
            data-row
            href={href}
            dir="auto"
            className="min-w-0 truncate text-start leading-6 font-medium text-ink after:absolute after:inset-0 after:rounded-md focus-visible:outline-none focus-visible:after:outline-2 focus-visible:after:outline-ring max-md:text-[1rem]"
          >
            {title}
          </Link>
          {badge}
        </div>
        <p dir="auto" className="line-clamp-2 text-start text-sm break-words text-ink-2 max-md:text-base">
          {snippet}
        </p>
        {said && (
          <p dir="auto" className="mt-1 truncate text-start text-xs text-ink-3">
            {said}
          </p>
        )}
      </div>
      {at && <Time at={at} className="relative mt-1 text-xs whitespace-nowrap text-ink-3" />}
    </li>
  );
}
