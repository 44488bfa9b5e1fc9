import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { getTranslations } from "next-intl/server";

import { Sheet } from "@/features/shell/Sheet";

export default async function Loading() {
  const t = await getTranslations("posts");
  return (
    <Sheet title={t("title")}>
      <SkeletonRows label={t("loading")} />
    </Sheet>
  );
}
