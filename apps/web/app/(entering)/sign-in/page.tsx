import { getMe } from "@dfworx/api";
import { QueryClient } from "@tanstack/react-query";
import type { Metadata } from "next";
import { redirect } from "next/navigation";
import { getTranslations } from "next-intl/server";

import { SignIn } from "@/features/entering/SignIn";
import { safeNext } from "@dfworx/api/doors";
import { readAsCaller } from "@/features/session/server";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("entering"))("signInTitle") };
}

export default async function Page({ searchParams }: { searchParams: Promise<{ next?: string | string[] }> }) {
  const { next } = await searchParams;
  const goOn = safeNext(typeof next === "string" ? next : null);
  const me = await readAsCaller((api) => new QueryClient().fetchQuery(getMe(api))).catch(() => "signed-out" as const);
  if (me !== "signed-out") redirect(goOn);
  return <SignIn next={goOn} />;
}
