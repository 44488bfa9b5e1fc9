/**
 * What happens before a page is rendered: it gets its Content-Security-Policy with a nonce of its own, and who has
 * clearly not signed in is led to the door. The policy stands on the request too, where Next reads the nonce for its
 * scripts.
 */
import { NextResponse, type NextRequest } from "next/server";

import { contentSecurityPolicy } from "@/features/shell/policy";
import { isOpenToAll, mayBeSignedIn, signInPath } from "@/features/session/doors";

export function proxy(request: NextRequest) {
  const { pathname, search } = request.nextUrl;
  if (!isOpenToAll(pathname) && !mayBeSignedIn(request.cookies)) {
    return new NextResponse(null, { status: 307, headers: { Location: signInPath(pathname + search) } });
  }
  if (pathname === "/") return new NextResponse(null, { status: 307, headers: { Location: "/posts" } });
  const nonce = btoa(String.fromCharCode(...crypto.getRandomValues(new Uint8Array(16))));
  const policy = contentSecurityPolicy(nonce, process.env.NODE_ENV === "development");
  const headers = new Headers(request.headers);
  headers.set("x-nonce", nonce);
  headers.set("x-path", pathname + search);
  headers.set("Content-Security-Policy", policy);
  const response = NextResponse.next({ request: { headers } });
  response.headers.set("Content-Security-Policy", policy);
  return response;
}

export const config = {
  // Files of the build need neither.
  matcher: ["/((?!_next/static|_next/image|health$|icon).*)"],
};
