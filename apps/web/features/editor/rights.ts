import type { Me, Post } from "@dfworx/api";

/** Who may write a post, or a new one when there is none. As the policies have it; they decide. */
export function mayWrite(post: Pick<Post, "author" | "visibility"> | null, me: Me): boolean {
  if (me.role === "guest") return false;
  if (!post || post.author.user_id === me.user_id) return true;
  return post.visibility === "organization" && (me.role === "admin" || me.role === "moderator");
}
