import clsx from "clsx";

/** A bar of what is to come. Give it the width and height of the text it stands for. */
export function Bar({ className }: { className: string }) {
  return <span aria-hidden className={clsx("skeleton block rounded-xs", className)} />;
}

const WIDTHS = ["w-2/5", "w-1/2", "w-1/3", "w-3/5", "w-2/5", "w-1/4", "w-1/2", "w-1/3"];

/** Rows of a list that is loading, said once to those who don't see them. */
export function SkeletonRows({ label, rows = 8 }: { label: string; rows?: number }) {
  return (
    <div role="status" aria-busy="true" className="late">
      <span className="sr-only">{label}</span>
      {Array.from({ length: rows }, (_, at) => (
        <div key={at} aria-hidden className="flex items-start gap-4 border-b border-line px-5 py-4 last:border-0">
          <div className="min-w-0 grow space-y-2.5">
            <Bar className={clsx("h-2.5", WIDTHS[at % WIDTHS.length])} />
            <Bar className={clsx("h-2", WIDTHS[(at + 3) % WIDTHS.length], "min-w-1/2")} />
          </div>
          <Bar className="mt-0.5 h-2.5 w-10" />
        </div>
      ))}
    </div>
  );
}
