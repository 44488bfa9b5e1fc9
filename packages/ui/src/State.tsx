import { Unplug } from "lucide-react";
import type { ReactNode } from "react";

interface StateProps {
  title: ReactNode;
  children: ReactNode;
  /** The first step first. */
  actions?: ReactNode;
  /** It is all there is on the page, so its title is the page's. */
  isPage?: boolean;
}

function State({ art, title, children, actions, foot, isPage }: StateProps & { art?: ReactNode; foot?: ReactNode }) {
  const Title = isPage ? "h1" : "h2";
  return (
    <div className="flex grow flex-col items-center justify-center gap-1.5 px-8 py-10 text-center">
      {art && <div className="mb-2.5 text-ink-3">{art}</div>}
      <Title className="text-lg font-semibold tracking-[-0.008em] text-balance" dir="auto">
        {title}
      </Title>
      <p className="max-w-[44ch] leading-[22px] text-ink-2">{children}</p>
      {actions && <div className="mt-3.5 flex flex-wrap justify-center gap-2">{actions}</div>}
      {foot && <p className="mt-3.5 text-xs text-ink-3">{foot}</p>}
    </div>
  );
}

/** Names what is missing, says what it is good for, offers the first step. */
export function EmptyState(props: StateProps) {
  return <State art={<TwoSheets />} {...props} />;
}

/** A search or filter that matches nothing: names it and offers to clear it. */
export function NothingFound(props: StateProps) {
  return <State {...props} />;
}

/** What happened, what is safe, what to do. `foot` carries the request's id for the admin. */
export function ErrorState(props: StateProps & { foot?: ReactNode }) {
  return <State art={<Unplug className="size-9 stroke-[1.25]" aria-hidden />} {...props} />;
}

function TwoSheets() {
  return (
    <svg width="120" height="76" viewBox="0 0 120 76" fill="none" stroke="currentColor" strokeWidth="1.5" aria-hidden>
      <rect x="18.75" y="12.75" width="46" height="56" rx="7" stroke="var(--line-strong)" />
      <rect x="46.75" y="6.75" width="50" height="62" rx="7" fill="var(--sheet)" />
      <path d="M56 20h31M56 29h31M56 38h20" strokeLinecap="round" />
      <path d="M80 56l14-14 5 5-14 14-6 1z" fill="var(--primary-soft)" stroke="var(--primary)" />
    </svg>
  );
}
