import { chooseLanguage, LANGUAGE_COOKIE } from "@dfworx/ui/language/languages";
import { chooseTimeZone, TIME_ZONE_COOKIE } from "@dfworx/ui/time/zone";
import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";

import type messages from "../messages/en.json";

export default getRequestConfig(async () => {
  const jar = await cookies();
  const locale = chooseLanguage(jar.get(LANGUAGE_COOKIE)?.value, (await headers()).get("accept-language"));
  const { default: written } = (await import(`../messages/${locale}.json`)) as { default: typeof messages };
  return { locale, messages: written, timeZone: chooseTimeZone(jar.get(TIME_ZONE_COOKIE)?.value), now: new Date() };
});
