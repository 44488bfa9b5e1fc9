"use client";

/** The browser's client as a context, and the deeds of a session: each empties what was cached for another person. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { createContext, useContext, type ReactNode } from "react";

import { createApi, read, type Api } from "./client";
import type { AuthSchemas } from "./index";
import { sessionFetch } from "./session";

const browserApi = createApi({ auth: "", web: "", admin: "", fetch: sessionFetch });
const Context = createContext<Api>(browserApi);

export function ApiProvider({ api = browserApi, children }: { api?: Api; children: ReactNode }) {
  return <Context value={api}>{children}</Context>;
}

export function useApi(): Api {
  return useContext(Context);
}

export interface Credentials {
  email: string;
  password: string;
  /** A slug, for people of several organizations. */
  organization?: string;
}

export function useSignIn() {
  const api = useApi();
  const cached = useQueryClient();
  return useMutation({
    mutationFn: (credentials: Credentials) =>
      read(api.auth.POST("/api/auth/login", { body: { ...credentials, session: "cookie" } })),
    onSuccess: () => cached.clear(),
  });
}

export function useSignUp() {
  const api = useApi();
  const cached = useQueryClient();
  return useMutation({
    mutationFn: (registration: Omit<AuthSchemas["Registration"], "session">) =>
      read(api.auth.POST("/api/auth/register", { body: { ...registration, session: "cookie" } })),
    onSuccess: () => cached.clear(),
  });
}

export function useSignOut() {
  const api = useApi();
  const cached = useQueryClient();
  return useMutation({
    mutationFn: () => read(api.auth.POST("/api/auth/logout")),
    onSuccess: () => cached.clear(),
  });
}

export function useSwitchOrganization() {
  const api = useApi();
  const cached = useQueryClient();
  return useMutation({
    mutationFn: (slug: string) =>
      read(api.auth.POST("/api/auth/switch", { body: { organization: slug, session: "cookie" } })),
    onSuccess: () => cached.clear(),
  });
}
