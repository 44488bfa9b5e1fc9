/** Where things lie. */
export function pathOfPost(slug: string): string {
  return `/posts/${encodeURIComponent(slug)}`;
}

export function pathOfEditor(slug: string): string {
  return `${pathOfPost(slug)}/edit`;
}

export function pathOfRevisions(slug: string): string {
  return `${pathOfPost(slug)}/revisions`;
}

export function pathOfCategory(slug: string): string {
  return `/posts?category=${encodeURIComponent(slug)}`;
}

/** Of a comment, on the page of its post. */
export function hashOf(commentId: string): string {
  return `#comment-${commentId}`;
}

export function pathOfComment(postSlug: string, commentId: string): string {
  return `${pathOfPost(postSlug)}${hashOf(commentId)}`;
}

export function pathOfPerson(userId: string): string {
  return `/people/${userId}`;
}

export function pathOfNewPost(title?: string): string {
  return title ? `/posts/new?title=${encodeURIComponent(title)}` : "/posts/new";
}

/** Of a thread, or of one of its messages by its number. */
export function pathOfThread(threadId: string, messageNumber?: number): string {
  return `/chat/${encodeURIComponent(threadId)}${messageNumber === undefined ? "" : `?message=${messageNumber}`}`;
}
