import clsx from "clsx";
import type { ReactNode } from "react";

const tones = {
  neutral: "border-b border-line text-ink-2",
  warning: "bg-warning-soft [&_svg]:text-warning",
  success: "bg-success-soft [&_svg]:text-success",
};

/** Under the header of a sheet: an icon and one sentence that says what still works. */
export function Banner({ tone, icon, children }: { tone: keyof typeof tones; icon: ReactNode; children: ReactNode }) {
  return (
    <div
      className={clsx(
        "flex min-h-9 shrink-0 items-center gap-[9px] px-5 py-[7px] text-sm [&_svg]:size-4 [&_svg]:shrink-0",
        tones[tone],
      )}
    >
      {icon}
      <span className="grow">{children}</span>
    </div>
  );
}
