import { Button } from "@dfworx/ui/Button";
import { Tooltip } from "@dfworx/ui/Tooltip";
import { X } from "lucide-react";
import type { ReactNode } from "react";

/** What a panel shows, and at the end what closes it. */
export function PanelHead({ label, close, children }: { label: string; close: () => void; children: ReactNode }) {
  return (
    <header className="flex h-13 shrink-0 items-center gap-2 border-b border-line ps-2 pe-1.5 md:h-(--header-h)">
      {children}
      <Tooltip text={label} shortcut="]">
        <Button look="ghost" size="icon" aria-label={label} onClick={close} className="max-md:size-11">
          <X className="max-md:size-5" aria-hidden />
        </Button>
      </Tooltip>
    </header>
  );
}
