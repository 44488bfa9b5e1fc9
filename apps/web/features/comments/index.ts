/** Comments beside a post: what the reading page puts together. */
export { CommentsAhead } from "./CommentsAhead";
export { CommentsButton } from "./CommentsButton";
