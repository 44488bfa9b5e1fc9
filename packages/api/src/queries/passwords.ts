import { mutationOptions } from "@tanstack/react-query";

import { read, type Api } from "../client";

/** The answer is the same whether the email has an account or not. */
export function requestPasswordReset(api: Api) {
  return mutationOptions({
    mutationFn: (email: string) => read(api.auth.POST("/api/auth/password/forgot", { body: { email } })),
  });
}

/** With the token of the mail, once. It signs nobody in. */
export function resetPassword(api: Api) {
  return mutationOptions({
    mutationFn: (reset: { token: string; password: string }) =>
      read(api.auth.POST("/api/auth/password/reset", { body: reset })),
  });
}

/** Ends all sessions of the person but this one. */
export function changePassword(api: Api) {
  return mutationOptions({
    mutationFn: (change: { current_password: string; new_password: string }) =>
      read(api.auth.POST("/api/auth/password", { body: { ...change, session: "cookie" } })),
  });
}
