/** The one door to what turns Markdown into what people see. */
export { Markdown } from "./Markdown";
export { readHeadings, type Heading } from "./headings";
