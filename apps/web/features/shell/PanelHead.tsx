import { Button } from "@dfworx/ui/Button";
import { Tooltip } from "@dfworx/ui/Tooltip";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";
import type { ComponentProps, ReactNode } from "react";

export function PanelHead({ close, children }: { close: () => void; children: ReactNode }) {
  const t = useTranslations("comments");
  return (
    <header className="flex h-13 shrink-0 items-center gap-2 border-b border-line ps-4 pe-1.5 md:h-(--header-h)">
      {children}
      <Tooltip text={t("close")} shortcut="]">
        <Button look="ghost" size="icon" aria-label={t("close")} onClick={close} className="max-md:size-11">
          <X className="max-md:size-5" aria-hidden />
        </Button>
      </Tooltip>
    </header>
  );
}

export function PanelTitle({ children, ...rest }: ComponentProps<"h2">) {
  return (
    <h2
      className="flex min-w-0 grow items-center gap-1.5 text-sm font-medium max-md:text-[1.0625rem] max-md:font-semibold"
      {...rest}
    >
      {children}
    </h2>
  );
}
