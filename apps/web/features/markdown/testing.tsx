/* How the tests see a text: rendered as the server renders it, then read by a browser's parser. */
import { JSDOM } from "jsdom";
import { renderToStaticMarkup } from "react-dom/server";
import { Markdown, type MarkdownProps } from "./Markdown";
import { toolsFor } from "./tools";

const { DOMParser } = new JSDOM().window;

export async function render(source: string, props: Omit<MarkdownProps, "source"> = {}): Promise<string> {
  await toolsFor(source);
  return renderToStaticMarkup(<Markdown source={source} {...props} />);
}

export async function page(source: string, props: Omit<MarkdownProps, "source"> = {}): Promise<Document> {
  const html = await render(source, props);
  return new DOMParser().parseFromString(`<!doctype html><body>${html}</body>`, "text/html");
}
