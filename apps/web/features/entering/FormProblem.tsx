import { CircleAlert } from "lucide-react";
import type { ReactNode } from "react";

/** What went wrong with the form as a whole, above its button. */
export function FormProblem({ children }: { children: ReactNode }) {
  return (
    <p role="alert" className="flex gap-1.5 text-sm text-danger empty:hidden">
      {children && <CircleAlert className="mt-0.5 size-4 shrink-0" aria-hidden />}
      {children && <span>{children}</span>}
    </p>
  );
}
