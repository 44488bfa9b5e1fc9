"use client";

import { ApiProblem } from "@dfworx/api";
import { signInPath } from "@dfworx/api/doors";
import { ApiProvider } from "@dfworx/api/react";
import { ToastProvider } from "@dfworx/ui/Toast";
import { Tooltips } from "@dfworx/ui/Tooltips";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { setNonce } from "get-nonce";
import { useState, type ReactNode } from "react";

if (typeof document !== "undefined") {
  // Radix locks scrolling behind a menu with a style element, which the page's policy wants a nonce for.
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
  if (nonce) setNonce(nonce);
}

export function Providers({ notices, children }: { notices: string; children: ReactNode }) {
  const [queries] = useState(makeQueries);
  return (
    <QueryClientProvider client={queries}>
      <ApiProvider>
        <ToastProvider label={notices}>{children}</ToastProvider>
        <Tooltips />
      </ApiProvider>
    </QueryClientProvider>
  );
}

function makeQueries(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError(error) {
        // A refresh was tried before: the session is over.
        if (!(error instanceof ApiProblem && error.isSignedOut)) return;
        const { pathname, search } = window.location;
        window.location.replace(signInPath(pathname + search));
      },
    }),
    defaultOptions: {
      queries: {
        staleTime: 30_000,
        retry: (failures, error) => error instanceof ApiProblem && error.isPassing && failures < 2,
      },
    },
  });
}
