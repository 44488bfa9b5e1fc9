import path from "node:path";

import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const checkout = path.resolve(import.meta.dirname, "../..");

const config: NextConfig = {
  basePath: "/admin",
  // As the web app is built and served: apps/web/next.config.ts.
  output: "standalone",
  outputFileTracingRoot: checkout,
  turbopack: { root: checkout },
  transpilePackages: ["@dfworx/api", "@dfworx/ui"],
  typescript: { ignoreBuildErrors: true },
  images: { unoptimized: true },
  outputFileTracingExcludes: { "/*": ["node_modules/sharp/**", "node_modules/@img/**"] },
  poweredByHeader: false,
  compress: false,
  reactStrictMode: true,
  experimental: { optimizePackageImports: ["radix-ui"] },
};

export default createNextIntlPlugin("./i18n/request.ts")(config);
