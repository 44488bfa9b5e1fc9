import { NextIntlClientProvider } from "next-intl";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";

import { ClientProviders } from "./ClientProviders";

export async function Providers({ children }: { children: ReactNode }) {
  const t = await getTranslations("app");
  return (
    <NextIntlClientProvider>
      <ClientProviders notices={t("notices", { hotkey: "{hotkey}" })}>{children}</ClientProviders>
    </NextIntlClientProvider>
  );
}
