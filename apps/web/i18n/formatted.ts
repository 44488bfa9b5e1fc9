/** Stands in the place of @formatjs/icu-messageformat-parser (next.config.ts): what comes here has been parsed. */
import type { MessageFormatElement } from "@formatjs/icu-messageformat-parser/lib/types.js";

export * from "@formatjs/icu-messageformat-parser/lib/types.js";

export function parse(message: string): MessageFormatElement[] {
  // The list that prepared.ts made of it, or words alone.
  return message.startsWith("[{") ? (JSON.parse(message) as MessageFormatElement[]) : [{ type: 0, value: message }];
}
