import { Avatar } from "@dfworx/ui/Avatar";
import clsx from "clsx";

import type { PersonHere } from "./useWhoIsHere";

const MOST = 4;

/** A few faces; who they are is said beside them. */
export function Stack({ people, count, onDesk }: { people: PersonHere[]; count: number; onDesk?: boolean }) {
  const shown = people.slice(0, MOST);
  return (
    <span aria-hidden className="inline-flex shrink-0 items-center">
      {shown.map((each) => (
        <Avatar
          key={each.user_id}
          person={each}
          size="small"
          decorative
          className={clsx("not-first:-ms-[5px] ring-2", onDesk ? "ring-desk" : "ring-sheet")}
        />
      ))}
      {!onDesk && count > shown.length && <span className="ms-1 text-xs text-ink-3">+{count - shown.length}</span>}
    </span>
  );
}
