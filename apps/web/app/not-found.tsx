import { NothingFound } from "@dfworx/ui/State";
import { getTranslations } from "next-intl/server";

import { HomeButton } from "@/features/shell/Failed";

export default async function NotFound() {
  const t = await getTranslations("states");
  return (
    <main className="flex min-h-dvh grow flex-col bg-sheet md:min-h-0">
      <NothingFound title={t("notFoundTitle")} actions={<HomeButton />}>
        {t("notFoundText")}
      </NothingFound>
    </main>
  );
}
