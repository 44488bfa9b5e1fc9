import { Bar, SkeletonRows } from "@dfworx/ui/Skeleton";
import { useTranslations } from "next-intl";

import { Sheet } from "@/features/shell/Sheet";

export function PersonSkeleton() {
  const t = useTranslations("people");
  return (
    <Sheet isTrail title={<Bar className="h-2.5 w-24" />}>
      <div aria-hidden className="flex gap-4 px-4 pt-6 pb-8 md:px-8">
        <Bar className="size-14 rounded-full!" />
        <div className="grow space-y-3 pt-1.5">
          <Bar className="h-5 w-48" />
          <Bar className="h-3 w-64 max-w-full" />
        </div>
      </div>
      <SkeletonRows label={t("loading")} rows={4} />
    </Sheet>
  );
}
