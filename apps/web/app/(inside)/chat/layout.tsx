import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";
import type { ReactNode } from "react";

import { ChatPage } from "@/features/chat/ChatPage";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("chat"))("title") };
}

/** Above the pages, so that the list of threads stays while one goes from thread to thread. */
export default function Layout({ children }: { children: ReactNode }) {
  return (
    <>
      <ChatPage />
      {children}
    </>
  );
}
