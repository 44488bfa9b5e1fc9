import "@fontsource-variable/inter/opsz.css";
import "@fontsource-variable/jetbrains-mono";
import "@fontsource-variable/source-serif-4/opsz.css";
import "@fontsource-variable/source-serif-4/opsz-italic.css";
import "./globals.css";
import "@/features/appearance/looks.css";

import type { Metadata, Viewport } from "next";
import { cookies, headers } from "next/headers";
import { getLocale, getTranslations } from "next-intl/server";
import type { ReactNode } from "react";

import { chooseLooks, lookAttributes } from "@/features/appearance/looks";
import { Providers } from "@/features/shell/Providers";
import { chooseTheme, THEME_COOKIE, THEME_SCRIPT } from "@dfworx/ui/theme/theme";

import { inter } from "./fonts";

export async function generateMetadata(): Promise<Metadata> {
  const t = await getTranslations("app");
  return { title: { default: t("name"), template: t("titleOf", { page: "%s" }) } };
}

export const viewport: Viewport = {
  viewportFit: "cover",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f1f4f6" },
    { media: "(prefers-color-scheme: dark)", color: "#0b0f12" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const jar = await cookies();
  const theme = chooseTheme(jar.get(THEME_COOKIE)?.value);
  const language = await getLocale();
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    // The script below may change data-theme before React looks.
    <html
      lang={language}
      data-choice={theme}
      data-theme={theme === "system" ? "light" : theme}
      {...lookAttributes(chooseLooks(jar))}
      className={inter.variable}
      suppressHydrationWarning
    >
      <body>
        {/* Browsers hide a nonce from scripts, so React can't find it again. */}
        <script nonce={nonce} suppressHydrationWarning dangerouslySetInnerHTML={{ __html: THEME_SCRIPT }} />
        <Providers>{children}</Providers>
      </body>
    </html>
  );
}
