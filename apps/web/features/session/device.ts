/**
 * What one has written and the server doesn't have yet, kept on this device under a name that says whose it is: another
 * person is never shown it, and neither a reload nor a session that ran out loses it. Who signs out means to leave the
 * machine to others: then it goes.
 */
interface Person {
  organization_id: string;
  user_id: string;
}

type Kind = "draft" | "comments" | "messages" | "recent";

/** Signed out, until the next page is loaded: what is still open here writes nothing any more. */
let hasLeft = false;

export function nameOnDevice(kind: Kind, person: Person, thing = ""): string {
  return `dfworx.${kind}.${person.organization_id}.${person.user_id}.${thing}`;
}

export function readFromDevice(name: string): unknown {
  try {
    return JSON.parse(localStorage.getItem(name) ?? "null");
  } catch {
    return null;
  }
}

/** False when this device has no room. */
export function keepOnDevice(name: string, value: unknown): boolean {
  if (hasLeft) return true;
  try {
    localStorage.setItem(name, JSON.stringify(value));
    return true;
  } catch {
    return false;
  }
}

export function dropFromDevice(name: string): void {
  try {
    localStorage.removeItem(name);
  } catch {
    // Without storage nothing is kept.
  }
}

/** Whether signing out would lose something. */
export function hasUnsent(person: Person): boolean {
  return namesOnDevice().some((name) => isWork(name, person));
}

/** Their unsent work, and which posts were read here last, whoever read them. */
export function leaveDevice(person: Person | undefined): void {
  hasLeft = true;
  for (const name of namesOnDevice())
    if (name.startsWith("dfworx.recent.") || (person && isWork(name, person))) dropFromDevice(name);
}

/** Whether the person is on the way out: what is refused now needs no way back. */
export function isLeaving(): boolean {
  return hasLeft;
}

function isWork(name: string, person: Person): boolean {
  return (["draft", "comments", "messages"] as const).some((kind) => name.startsWith(nameOnDevice(kind, person)));
}

export function namesOnDevice(prefix = ""): string[] {
  try {
    return Object.keys(localStorage).filter((name) => name.startsWith(prefix));
  } catch {
    return [];
  }
}
