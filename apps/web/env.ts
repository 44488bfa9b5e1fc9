/**
 * All that the app's server learns from its surroundings, read when it is asked for and never at build time: one
 * build serves every install, so no address may be baked in. Browsers ask the origin that the page came from; the one
 * address they learn is that of a Convex deployment outside.
 */
import "server-only";

/** Where the services answer on this machine. */
export function serviceUrl(service: "auth" | "web" | "admin"): string {
  const name = `DFWORX_${service.toUpperCase()}_URL`;
  const url = process.env[name];
  if (!url)
    throw new Error(`${name} is not set. Start the app with ./dfworx up, which tells it where the services are.`);
  return url;
}

/** Where a Convex deployment outside answers; empty for the install's own, which is below the page's origin. */
export function convexUrl(): string {
  return process.env.DFWORX_CONVEX_URL ?? "";
}

export const isDevelopmentServer = process.env.NODE_ENV === "development";
