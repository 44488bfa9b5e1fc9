import { useMessages } from "next-intl";

import type { Words } from "./words";

/** In the reader's language, on the server and in the browser. */
export function useWords(): Words {
  return useMessages().markdown;
}
