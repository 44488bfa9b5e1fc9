/**
 * What happens before a page is rendered: who has clearly not signed in is led to the web app's door, and the page gets
 * its Content-Security-Policy with a nonce of its own, which Next reads from the request.
 */
import { mayBeSignedIn, signInPath } from "@dfworx/api/doors";
import { contentSecurityPolicy } from "@dfworx/ui/policy";
import { NextResponse, type NextRequest } from "next/server";

import { isDevelopmentServer } from "@/env";

export function proxy(request: NextRequest) {
  const { basePath, pathname, search } = request.nextUrl;
  if (!mayBeSignedIn(request.cookies)) {
    const door = new URL(signInPath(basePath + (pathname === "/" ? "" : pathname) + search), request.url);
    return NextResponse.redirect(door);
  }
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const policy = contentSecurityPolicy(nonce, isDevelopmentServer);
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("Content-Security-Policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

export const config = {
  // Files of the build need neither. The first page by itself: with a base path the pattern leaves it out.
  matcher: ["/", "/((?!_next/static|_next/image|health$|icon).*)"],
};
