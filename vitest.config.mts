import path from "node:path";

import { defineConfig } from "vitest/config";

/** The packages as they are shipped: with "development" the Markdown parser checks itself and is several times slower. */
const conditions = ["node", "import", "module", "default"];

/** Tests stand beside what they test. What needs a page names its environment in its first line. */
export default defineConfig({
  resolve: {
    conditions,
    alias: {
      "@": path.resolve(import.meta.dirname, "apps/web"),
      // Next's own mark, which stops a build; a test may import such a file.
      "server-only": path.resolve(import.meta.dirname, "node_modules/next/dist/compiled/server-only/empty.js"),
    },
  },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["{apps,packages}/*/**/*.test.{ts,tsx}", "convex/tests/*.test.ts"],
    // Where Convex's functions are tested; null for convex-test.
    provide: { deployment: JSON.parse(process.env["DFWORX_TEST_DEPLOYMENT"] ?? "null") as never },
    exclude: ["**/node_modules/**", "**/.next/**"],
    testTimeout: 120_000,
    server: { deps: { inline: [/micromark|mdast|hast|unist|lowlight|highlight/] } },
  },
});
