// Whose tokens are taken: those that the auth service makes for realtime, and no others of its own.
import type { AuthConfig } from "convex/server";

declare const process: { env: Record<string, string | undefined> };

const { DFWORX_ORIGIN: issuer, DFWORX_JWKS_URL: jwks } = process.env;
if (!issuer || !jwks) {
  throw new Error(
    "Set DFWORX_ORIGIN to where DFWorX is served and DFWORX_JWKS_URL to its /.well-known/jwks.json in the deployment's environment.",
  );
}

export default {
  providers: [{ type: "customJwt", issuer, jwks, algorithm: "ES256", applicationID: "realtime" }],
} satisfies AuthConfig;
