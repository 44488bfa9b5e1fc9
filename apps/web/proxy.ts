/**
 * What happens before a page is rendered: it gets its Content-Security-Policy with a nonce of its own, and who has
 * clearly not signed in is led to the door. The policy stands on the request too, where Next reads the nonce for its
 * scripts.
 */
import { NextResponse, type NextRequest } from "next/server";

import { convexUrl, isDevelopmentServer } from "@/env";
import { contentSecurityPolicy } from "@dfworx/ui/policy";
import { isOpenToAll, mayBeSignedIn, signInPath } from "@dfworx/api/doors";

export function proxy(request: NextRequest) {
  const { pathname, search } = request.nextUrl;
  // Next makes an address of the same origin relative again, whatever name the gateway is known by.
  if (!isOpenToAll(pathname) && !mayBeSignedIn(request.cookies))
    return NextResponse.redirect(new URL(signInPath(pathname + search), request.url));
  if (pathname === "/") return NextResponse.redirect(new URL("/posts", request.url));
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const policy = contentSecurityPolicy(nonce, isDevelopmentServer, convexUrl());
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("Content-Security-Policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

export const config = {
  // Files of the build need neither.
  matcher: ["/((?!_next/static|_next/image|health$|icon).*)"],
};
