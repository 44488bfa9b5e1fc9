// What a client is told when something can't be done: a code for programs and a sentence that says what to do.
import { ConvexError } from "convex/values";

export type Code =
  "signed_out" | "session_ended" | "not_allowed" | "not_found" | "invalid" | "conflict" | "unavailable";

export class Refusal extends ConvexError<{ code: Code; message: string }> {
  constructor(code: Code, message: string) {
    super({ code, message });
  }
}

/** For what isn't there and what is somebody else's, which must look the same. */
export function notFound(what: string): Refusal {
  return new Refusal("not_found", `There is no such ${what}, or it isn't yours to see.`);
}
