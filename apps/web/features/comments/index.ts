/** Comments beside a post: what the reading page puts together. */
export { BesidePost } from "./BesidePost";
export { CommentsButton } from "./CommentsButton";
export { CommentsPanel } from "./CommentsPanel";
