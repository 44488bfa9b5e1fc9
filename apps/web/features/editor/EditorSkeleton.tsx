import { Bar } from "@dfworx/ui/Skeleton";
import { useTranslations } from "next-intl";

import { Sheet } from "@/features/shell/Sheet";

export function EditorSkeleton() {
  const t = useTranslations("editor");
  return (
    <Sheet isTrail title={<Bar className="h-2.5 w-48" />} actions={<Bar className="h-8 w-24" />}>
      <div role="status" aria-busy="true" className="late w-full max-w-[46rem] px-15 pt-16 @max-[44rem]/sheet:px-4">
        <span className="sr-only">{t("loading")}</span>
        <Bar className="h-6 w-3/4" />
        <Bar className="mt-4 mb-8 h-3 w-24" />
        {["w-full", "w-11/12", "w-2/5", "w-full", "w-4/5", "w-2/3"].map((width, at) => (
          <Bar key={at} className={`mt-4 h-3 ${width}`} />
        ))}
      </div>
    </Sheet>
  );
}
