import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";

import { ForgotPassword } from "@/features/entering/ForgotPassword";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("account"))("forgotTitle") };
}

export default ForgotPassword;
