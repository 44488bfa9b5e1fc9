import { defineConfig } from "vitest/config";

export default defineConfig({
  esbuild: { jsx: "automatic" },
  test: { include: ["features/**/*.test.{ts,tsx}"], environment: "node" },
});
