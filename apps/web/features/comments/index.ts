/** Comments beside a post: what the reading page puts together. */
export { BesidePost } from "./BesidePost";
export { CommentsAhead } from "./CommentsAhead";
export { CommentsButton } from "./CommentsButton";
export { CommentsPanel } from "./CommentsPanel";
