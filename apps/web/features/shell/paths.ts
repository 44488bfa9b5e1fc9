/** Where things lie. */
export function pathOfPost(slug: string): string {
  return `/posts/${encodeURIComponent(slug)}`;
}

export function pathOfCategory(slug: string): string {
  return `/posts?category=${encodeURIComponent(slug)}`;
}

export function pathOfComment(postSlug: string, commentId: string): string {
  return `${pathOfPost(postSlug)}#comment-${commentId}`;
}

export function pathOfPerson(userId: string): string {
  return `/people/${userId}`;
}

export function pathOfNewPost(title?: string): string {
  return title ? `/posts/new?title=${encodeURIComponent(title)}` : "/posts/new";
}
