"use client";

import { ambient } from "@/features/live/laterAmbient";

/** Who else reads a post, when that is known. */
export function AlsoHere({ postId }: { postId: string }) {
  const live = ambient.useLoaded();
  return live && <live.OnPost postId={postId} />;
}
