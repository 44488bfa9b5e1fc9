export default {
  providers: [
    { type: "customJwt", issuer: process.env["ISSUER"], jwks: "https://issuer.example/jwks.json", algorithm: "ES256", applicationID: "app" },
  ],
};
