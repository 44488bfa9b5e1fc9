import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";

import { ProfileSettings } from "@/features/settings/ProfileSettings";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.pages"))("profile") };
}

export default ProfileSettings;
