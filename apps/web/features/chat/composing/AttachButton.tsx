"use client";

import { Button } from "@dfworx/ui/Button";
import { Tooltip } from "@dfworx/ui/Tooltip";
import { Paperclip } from "lucide-react";
import { useTranslations } from "next-intl";
import { useRef } from "react";

export function AttachButton({ add }: { add: (files: File[]) => void }) {
  const t = useTranslations("composing");
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={t("attach")}
        onChange={(event) => {
          add([...(event.target.files ?? [])]);
          // The same file may be chosen again.
          event.target.value = "";
        }}
      />
      <Tooltip text={t("attach")} side="top">
        <Button look="ghost" size="smallIcon" aria-label={t("attach")} onClick={() => input.current?.click()}>
          <Paperclip aria-hidden />
        </Button>
      </Tooltip>
    </>
  );
}
