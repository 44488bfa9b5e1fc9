import type { Metadata } from "next";
import { getTranslations } from "next-intl/server";

import { EditorPage } from "@/features/editor/EditorPage";

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations("editor"))("newTitle") };
}

export default function Page() {
  return <EditorPage post={null} />;
}
