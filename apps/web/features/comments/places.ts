/** Ids of what is focused by name. */
export const COMMENTS = "comments-list";
export const COMPOSER = "comment-composer";
