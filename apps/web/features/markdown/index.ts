/** The one door to what turns Markdown into what people see. */
export { Markdown } from "./Markdown";
export { LiveMarkdown } from "./LiveMarkdown";
export { readHeadings, type Heading } from "./headings";
