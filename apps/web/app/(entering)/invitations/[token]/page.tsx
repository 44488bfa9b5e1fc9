import type { Metadata } from "next";
import { cookies } from "next/headers";
import { getTranslations } from "next-intl/server";

import { InvitationPage } from "@/features/entering/InvitationPage";
import { mayBeSignedIn } from "@dfworx/api/doors";

export async function generateMetadata(): Promise<Metadata> {
  // The address holds a secret: it must not travel on in a Referer.
  return { title: (await getTranslations("account"))("invitation"), referrer: "no-referrer" };
}

export default async function Page({ params }: { params: Promise<{ token: string }> }) {
  const { token } = await params;
  return <InvitationPage token={decodeURIComponent(token)} mayKnowMe={mayBeSignedIn(await cookies())} />;
}
