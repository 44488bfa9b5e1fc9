import "@fontsource-variable/inter/opsz.css";
import "@fontsource-variable/jetbrains-mono";
import "./globals.css";

import { chooseTheme, THEME_COOKIE, THEME_SCRIPT } from "@dfworx/ui/theme/theme";
import type { Metadata } from "next";
import { cookies, headers } from "next/headers";
import { NextIntlClientProvider } from "next-intl";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";

import { Providers } from "@/features/shell/Providers";
import { Shell } from "@/features/shell/Shell";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("app");
  return { title: { default: t("name"), template: t("titleOf", { page: "%s" }) }, icons: "/icon.svg" };
}

export default async function RootLayout({ children }: { children: ReactNode }) {
  const theme = chooseTheme((await cookies()).get(THEME_COOKIE)?.value);
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  const t = await getTranslations("app");
  const language = await getLocale();
  return (
    // The script below may change data-theme before React looks.
    <html
      lang={language}
      data-choice={theme}
      data-theme={theme === "system" ? "light" : theme}
      suppressHydrationWarning
    >
      <body>
        {/* Browsers hide a nonce from scripts, so React can't find it again. */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }} />
        <NextIntlClientProvider>
          <Providers notices={t("notices", { hotkey: "{hotkey}" })}>
            <Shell>{children}</Shell>
          </Providers>
        </NextIntlClientProvider>
      </body>
    </html>
  );
}
