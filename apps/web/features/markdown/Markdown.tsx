import ReactMarkdown from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import rehypeSlug from "rehype-slug";
import remarkGfm from "remark-gfm";

import "./prose.css";

export interface MarkdownProps {
  source: string;
  /** Told apart from other texts on the same page (a comment's id), so that no two have the same ids. */
  scope?: string | undefined;
  /** Who is marked where `@Name` is typed. */
  people?: readonly { user_id: string; name: string | null }[] | undefined;
}

/** Server and browser render the same. Raw HTML is not taken; what is left is sanitized; ids are ours. */
export function Markdown({ source, scope }: MarkdownProps) {
  return (
    <div className="prose" dir="auto">
      <ReactMarkdown remarkPlugins={[remarkGfm]} rehypePlugins={[rehypeSanitize, [rehypeSlug, { prefix: scope ? `${scope}-` : "" }]]}>
        {source}
      </ReactMarkdown>
    </div>
  );
}
