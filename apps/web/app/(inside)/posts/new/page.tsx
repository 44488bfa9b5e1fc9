import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";

import { EditorPage } from "@/features/editor/EditorPage";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("editor"))("newTitle") };
}

export default async function Page({ searchParams }: { searchParams: Promise<{ title?: string | string[] }> }) {
  const { title } = await searchParams;
  return <EditorPage post={null} title={typeof title === "string" ? title : title?.[0]} />;
}
