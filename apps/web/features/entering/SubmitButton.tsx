import { Button } from "@dfworx/ui/Button";
import type { ReactNode } from "react";

/** The one deed of a form on the way in; `busy` says what is being done. */
export function SubmitButton({ busy, children }: { busy: string | false; children: ReactNode }) {
  return (
    <Button type="submit" look="primary" size="large" className="mt-2 w-full" busy={busy}>
      {children}
    </Button>
  );
}
