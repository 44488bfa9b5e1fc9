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

/** Of a message in it by its number, or by its id where that is all that is known. */
export function pathOfThread(threadId: string, message?: number | string): string {
  const path = `/chat/${threadId}`;
  return message === undefined ? path : `${path}?message=${message}`;
}

/** In the thread beside its post. */
export function pathOfMessageBeside(postSlug: string, messageId: string): string {
  return `${pathOfPost(postSlug)}#message-${messageId}`;
}
