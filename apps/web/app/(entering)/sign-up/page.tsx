import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";

import { SignUp } from "@/features/entering/SignUp";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("entering"))("signUpTitle") };
}

export default function Page() {
  return <SignUp />;
}
