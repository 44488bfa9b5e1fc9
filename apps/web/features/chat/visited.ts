import type { Me } from "@dfworx/api";

import { keepOnDevice, nameOnDevice, readFromDevice } from "@/features/session/device";

/** Which thread somebody had open last, on this device. */
export function readVisited(me: Me): string | null {
  const kept = readFromDevice(nameOnDevice("recent", me, "thread"));
  return typeof kept === "string" ? kept : null;
}

export function keepVisited(me: Me, threadId: string): void {
  keepOnDevice(nameOnDevice("recent", me, "thread"), threadId);
}
