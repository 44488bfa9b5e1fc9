/** Which row of the palette is chosen. */

interface Standing {
  /** As they are shown, by their keys. */
  keys: readonly string[];
  /** What the person moved to. */
  moved: string | null;
  /** What was chosen by itself, once an answer to these words was there: what comes later goes around it. */
  held: string | null;
  /** An answer is still to come. */
  waiting: boolean;
  /** Chosen as long as nothing is found: going on with Enter must not begin a post. */
  search: string;
}

export function chosenOf({ keys, moved, held, waiting, search }: Standing): string | undefined {
  const standard = waiting && keys[0]?.startsWith("do:") ? search : keys[0];
  return [moved, held, standard].find((key) => key != null && keys.includes(key)) ?? keys[0];
}

/** Whether what is chosen now may be held: it answers these very words. */
export function isAnswer(key: string | undefined, waiting: boolean): key is string {
  return key !== undefined && !waiting && !key.startsWith("do:");
}
