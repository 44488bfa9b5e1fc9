export default {
  providers: [
    {
      type: "customJwt",
      issuer: "https://tokens.example",
      applicationID: "realtime",
      algorithm: "ES256",
      jwks: process.env.KEYS,
    },
  ],
};
