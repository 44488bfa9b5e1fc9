// A component that shows pages, in a document without a browser: what it is given at each rendering is told.
import { JSDOM } from "jsdom";

const { window } = new JSDOM("<div id=root></div>");
Object.assign(globalThis, { window, document: window.document });

const { createElement } = await import("react");
const { createRoot } = await import("react-dom/client");
const { ConvexProvider, ConvexReactClient, usePaginatedQuery } = await import("convex/react");
const { makeFunctionReference } = await import("convex/server");

/** Gives what loads so many more. */
export function showPages(url, path, args, size, tell) {
  const client = new ConvexReactClient(url, { unsavedChangesWarning: false, logger: false });
  const query = makeFunctionReference(path);
  let loadMore;
  function Pages() {
    const shown = usePaginatedQuery(query, args, { initialNumItems: size });
    loadMore = shown.loadMore;
    tell({ status: shown.status, bodies: shown.results.map((each) => each.body) });
    return null;
  }
  const root = createRoot(window.document.getElementById("root"));
  root.render(createElement(ConvexProvider, { client }, createElement(Pages)));
  return (more) => loadMore(more);
}
