import type { Metadata } from "next";
import { cookies } from "next/headers";
import { getTranslations } from "next-intl/server";

import { chooseLooks } from "@/features/appearance/looks";
import { AppearanceSettings } from "@/features/settings/AppearanceSettings";
import { chooseTheme, THEME_COOKIE } from "@dfworx/ui/theme/theme";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.pages"))("appearance") };
}

export default async function Page() {
  const jar = await cookies();
  return <AppearanceSettings theme={chooseTheme(jar.get(THEME_COOKIE)?.value)} looks={chooseLooks(jar)} />;
}
