import type { Me } from "@dfworx/api";
import type { Thread } from "@dfworx/api/live";

import type { MessageDoing, People } from "../message";

export interface ThreadHeaderProps {
  thread: Thread;
  me: Me;
  people: People;
  jump: MessageDoing["jump"];
}

/** What stands in the header of a thread's sheet beside its name: who is here, pins, search, make a post, more. */
export function ThreadHeader(_props: ThreadHeaderProps) {
  return null;
}
