import { Bar } from "@dfworx/ui/Skeleton";
import { useTranslations } from "next-intl";

import { Sheet } from "@/features/shell/Sheet";

export function PostSkeleton() {
  const t = useTranslations("post");
  return (
    <Sheet isTrail title={<Bar className="h-2.5 w-48" />}>
      <div role="status" aria-busy="true" className="late mx-auto w-full max-w-[42rem] px-4.5 pt-8">
        <span className="sr-only">{t("loading")}</span>
        <Bar className="h-6 w-3/4" />
        <Bar className="mt-5 mb-10 h-3 w-1/2" />
        {["w-full", "w-11/12", "w-full", "w-4/5", "w-full", "w-2/3"].map((width, at) => (
          <Bar key={at} className={`mt-4 h-3 ${width}`} />
        ))}
      </div>
    </Sheet>
  );
}
