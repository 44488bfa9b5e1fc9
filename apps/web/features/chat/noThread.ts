import { refusalOf } from "@/features/live/refusal";

/** Whether the deployment has no thread of this address for the reader. Of what it refuses without a reason of its own, as
 * an id that was never a thread's, there is no thread either. */
export function isNoThread(error: unknown): boolean {
  const code = refusalOf(error)?.code;
  return code === undefined || code === "not_found" || code === "invalid";
}
