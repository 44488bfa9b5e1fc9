import type { Me, Post } from "@dfworx/api";

/** Who may write a post, or a new one when there is none. As the policies have it; they decide. */
export function mayWrite(post: Pick<Post, "author" | "status" | "visibility" | "editors"> | null, me: Me): boolean {
  if (!post) return me.role !== "guest";
  return mayDecide(post, me) || post.editors.some((each) => each.user_id === me.user_id);
}

/** Who publishes a post and says who reads it; its editors write it and do none of that. */
export function mayDecide(post: Pick<Post, "author" | "status" | "visibility"> | null, me: Me): boolean {
  if (me.role === "guest") return false;
  if (!post || post.author.user_id === me.user_id) return true;
  // Moderators see a draft of others only where they are its editors.
  return (
    post.visibility === "organization" && post.status !== "draft" && (me.role === "admin" || me.role === "moderator")
  );
}
