import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";

import { SessionSettings } from "@/features/settings/SessionSettings";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("settings.pages"))("sessions") };
}

export default SessionSettings;
