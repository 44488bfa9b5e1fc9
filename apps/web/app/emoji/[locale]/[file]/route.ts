/** The names of emojis, which the picker asks for: from here, as no page asks other servers for anything. */
import germanEmojis from "emojibase-data/de/data.json";
import germanMessages from "emojibase-data/de/messages.json";
import englishEmojis from "emojibase-data/en/data.json";
import englishMessages from "emojibase-data/en/messages.json";

export const dynamic = "force-static";
export const dynamicParams = false;

const FILES = {
  en: { "data.json": englishEmojis, "messages.json": englishMessages },
  de: { "data.json": germanEmojis, "messages.json": germanMessages },
};

interface Params {
  locale: keyof typeof FILES;
  file: keyof (typeof FILES)["en"];
}

export function generateStaticParams(): Params[] {
  const locales = Object.keys(FILES) as Params["locale"][];
  return locales.flatMap((locale) => (["data.json", "messages.json"] as const).map((file) => ({ locale, file })));
}

export async function GET(_request: Request, { params }: { params: Promise<Params> }) {
  const { locale, file } = await params;
  return Response.json(FILES[locale][file]);
}
