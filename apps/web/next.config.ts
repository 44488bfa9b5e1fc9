import path from "node:path";

import type { NextConfig } from "next";
import createNextIntlPlugin from "next-intl/plugin";

const checkout = path.resolve(import.meta.dirname, "../..");

const config: NextConfig = {
  // A folder that runs with nothing but Node; `./dfworx up` copies it out and two installs share it.
  output: "standalone",
  outputFileTracingRoot: checkout,
  turbopack: {
    root: checkout,
    // Messages are parsed on the server: i18n/prepared.ts.
    resolveAlias: { "@formatjs/icu-messageformat-parser": "./i18n/formatted.ts" },
  },
  // Sources, not builds: the packages have no build step of their own.
  transpilePackages: ["@dfworx/api", "@dfworx/ui"],
  // `./dfworx check` does, and a start shouldn't wait for it.
  typescript: { ignoreBuildErrors: true },
  // Nothing resizes pictures here: 20 MB of sharp stay out of the build.
  images: { unoptimized: true },
  outputFileTracingExcludes: { "/*": ["node_modules/sharp/**", "node_modules/@img/**"] },
  poweredByHeader: false,
  // The gateway does it, for all that it serves.
  compress: false,
  reactStrictMode: true,
  experimental: { optimizePackageImports: ["radix-ui"] },
};

export default createNextIntlPlugin("./i18n/request.ts")(config);
