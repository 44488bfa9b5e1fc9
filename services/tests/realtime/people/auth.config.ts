export default {
  providers: [
    { type: "customJwt", issuer: "https://issuer.example", jwks: process.env["JWKS"], algorithm: "ES256", applicationID: "app" },
  ],
};
