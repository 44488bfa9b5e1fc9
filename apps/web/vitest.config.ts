import { defineConfig } from "vitest/config";

/* The packages as they are shipped: with the condition "development" the parser checks itself and is several times slower. */
const conditions = ["node", "import", "module", "default"];

export default defineConfig({
  esbuild: { jsx: "automatic" },
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    include: ["features/**/*.test.{ts,tsx}"],
    environment: "node",
    testTimeout: 120_000,
    server: { deps: { inline: [/micromark|mdast|hast|unist|lowlight|highlight/] } },
  },
});
