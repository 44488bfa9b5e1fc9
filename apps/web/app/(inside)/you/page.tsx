import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";

import { AccountPage } from "@/features/account/AccountPage";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("shell"))("you") };
}

export default AccountPage;
