import { SkeletonRows } from "@dfworx/ui/Skeleton";
import { getTranslations } from "next-intl/server";

import { Sheet } from "@/features/shell/Sheet";

export default async function Loading() {
  const shell = await getTranslations("shell");
  return (
    <Sheet title={shell("inbox")}>
      <SkeletonRows label={shell("loading")} />
    </Sheet>
  );
}
