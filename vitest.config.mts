import path from "node:path";

import { defineConfig } from "vitest/config";

/** Tests stand beside what they test. What needs a page names its environment in its first line. */
export default defineConfig({
  resolve: {
    alias: {
      "@": path.resolve(import.meta.dirname, "apps/web"),
      // Next's own mark, which stops a build; a test may import such a file.
      "server-only": path.resolve(import.meta.dirname, "node_modules/next/dist/compiled/server-only/empty.js"),
    },
  },
  test: { include: ["{apps,packages}/*/**/*.test.{ts,tsx}"], exclude: ["**/node_modules/**", "**/.next/**"] },
});
