import { NothingFound } from "@dfworx/ui/State";
import { getTranslations } from "next-intl/server";

import { HomeButton } from "@/features/shell/Failed";
import { BareSheet } from "@/features/shell/BareSheet";

export default async function NotFound() {
  const t = await getTranslations("states");
  return (
    <BareSheet>
      <NothingFound isPage title={t("notFoundTitle")} actions={<HomeButton />}>
        {t("notFoundText")}
      </NothingFound>
    </BareSheet>
  );
}
