import ReactMarkdown from "react-markdown";
import rehypeSanitize from "rehype-sanitize";
import rehypeSlug from "rehype-slug";
import remarkGfm from "remark-gfm";

import "./prose.css";

/** Server and browser render the same. Raw HTML is not taken; what is left is sanitized; ids are ours. */
export function Markdown({ source }: { source: string }) {
  return (
    <div className="prose" dir="auto">
      <ReactMarkdown remarkPlugins={[remarkGfm]} rehypePlugins={[rehypeSanitize, rehypeSlug]}>
        {source}
      </ReactMarkdown>
    </div>
  );
}
