import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";

import { ResetPassword } from "@/features/entering/ResetPassword";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("account"))("resetTitle") };
}

export default ResetPassword;
