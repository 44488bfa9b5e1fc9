import { cookies, headers } from "next/headers";
import { getRequestConfig } from "next-intl/server";

import { chooseTimeZone, TIME_ZONE_COOKIE } from "@dfworx/ui/time/zone";

import { chooseLanguage, LANGUAGE_COOKIE } from "@dfworx/ui/language/languages";
import { readMessages } from "./prepared";

export default getRequestConfig(async () => {
  const jar = await cookies();
  const locale = chooseLanguage(jar.get(LANGUAGE_COOKIE)?.value, (await headers()).get("accept-language"));
  const messages = await readMessages(locale);
  return { locale, messages, timeZone: chooseTimeZone(jar.get(TIME_ZONE_COOKIE)?.value), now: new Date() };
});
