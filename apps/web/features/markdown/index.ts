/** The one door to what turns Markdown into what people see: on the server. In the browser it is LiveMarkdown. */
export { Markdown } from "./Markdown";
export { readHeadings, type Heading } from "./readHeadings";
