/** All that needs the page's connection: loaded after the editor, which works without. */
import type { Api } from "@dfworx/api";
import { fromReact } from "@dfworx/api/live/document";

import { connect } from "@/features/live/connection";

import type { Draft } from "./draft";
import { Sharing } from "./sharing";

export function openSharing(api: Api, url: string, draft: Draft, postId: string, userId: string): Sharing {
  return new Sharing(fromReact(connect(api, url)), draft, postId, userId);
}
