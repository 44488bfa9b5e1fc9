"use client";

import { ApiProblem } from "@dfworx/api";
import { ApiProvider } from "@dfworx/api/react";
import { ToastProvider } from "@dfworx/ui/Toast";
import { Tooltips } from "@dfworx/ui/Tooltips";
import { QueryCache, QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { setNonce } from "get-nonce";
import { useRouter } from "next/navigation";
import { useTimeZone } from "next-intl";
import { useEffect, useState, type ReactNode } from "react";

import { OtherScripts } from "@/features/appearance/OtherScripts";
import { isLeaving } from "@/features/session/device";
import { signInPath } from "@dfworx/api/doors";
import { TIME_ZONE_COOKIE } from "@dfworx/ui/time/zone";

import { rememberChoice } from "@dfworx/ui/choices";

if (typeof document !== "undefined") {
  // Radix locks scrolling behind a menu with a style element, which the page's policy wants a nonce for.
  const nonce = document.querySelector<HTMLScriptElement>("script[nonce]")?.nonce;
  if (nonce) setNonce(nonce);
}

export function ClientProviders({ notices, children }: { notices: string; children: ReactNode }) {
  const [queries] = useState(makeQueries);
  useTimeZoneOfThisMachine();
  return (
    <QueryClientProvider client={queries}>
      <ApiProvider>
        <ToastProvider label={notices}>{children}</ToastProvider>
        <Tooltips />
        <OtherScripts />
      </ApiProvider>
    </QueryClientProvider>
  );
}

function makeQueries(): QueryClient {
  return new QueryClient({
    queryCache: new QueryCache({
      onError(error) {
        // A refresh was tried before: the session is over.
        if (error instanceof ApiProblem && error.isSignedOut && !isLeaving()) {
          const { pathname, search } = window.location;
          window.location.replace(signInPath(pathname + search));
        }
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

/** Tells the server once, and anew when the machine has moved; then times are right from the first byte. */
function useTimeZoneOfThisMachine(): void {
  const router = useRouter();
  const known = useTimeZone();
  useEffect(() => {
    const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (!here || here === known) return;
    rememberChoice(TIME_ZONE_COOKIE, here);
    router.refresh();
  }, [known, router]);
}
