// Whose tokens are taken. The public keys may stand at an address, or in the environment as a data: address, so that
// nothing has to be served: keys.mjs makes one.
import type { AuthConfig } from "convex/server";

const jwks = process.env.JWKS;
if (!jwks) throw new Error('Serve it with --env JWKS="$(node examples/auth/keys.mjs)".');

export default {
  providers: [{ type: "customJwt", issuer: "https://example.com", applicationID: "notes", algorithm: "ES256", jwks }],
} satisfies AuthConfig;
