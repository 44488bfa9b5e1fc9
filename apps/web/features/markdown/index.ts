/** The one door to what turns Markdown into what people see on the server. In the browser it is LiveMarkdown, which is
 * imported by its own name, so that what the server renders with isn't sent along. */
export { Markdown } from "./Markdown";
export { readHeadings, type Heading } from "./readHeadings";
