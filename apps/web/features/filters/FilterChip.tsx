import { Chip } from "@dfworx/ui/Chip";
import { X } from "lucide-react";
import { useTranslations } from "next-intl";

/** A filter that is on: pressing it takes it away. */
export function FilterChip({ label, value, remove }: { label: string; value: string; remove: () => void }) {
  const t = useTranslations("filters");
  return (
    <Chip on onClick={remove}>
      <span className="sr-only">{t("remove")}</span>
      <span>{label}</span>
      <span className="max-w-60 truncate font-medium text-ink" dir="auto">
        {value}
      </span>
      <X aria-hidden />
    </Chip>
  );
}
