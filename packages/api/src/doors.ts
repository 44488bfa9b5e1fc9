/** Who may see a page before anybody has asked the services: only a first sorting, since every answer is asked for
 * with the access token, and the services decide. */
import { SIGNED_IN_HINT } from "./session";

export const ACCESS_COOKIE = "dfworx_access";
const OPEN_TO_ALL = ["/sign-in", "/sign-up", "/forgot-password", "/reset-password", "/health"];

export function isOpenToAll(pathname: string): boolean {
  return OPEN_TO_ALL.includes(pathname) || pathname.startsWith("/invitations/");
}

/** The access cookie goes after ten minutes, the refresh cookie isn't sent to pages: the hint outlives both. */
export function mayBeSignedIn(cookies: { has(name: string): boolean }): boolean {
  return cookies.has(ACCESS_COOKIE) || cookies.has(SIGNED_IN_HINT);
}

export function signInPath(next: string): string {
  return next === "/" || next === "/posts" ? "/sign-in" : `/sign-in?next=${encodeURIComponent(next)}`;
}

/** Where to go after signing in: a page of ours, whatever the address says. */
export function safeNext(next: string | null | undefined): string {
  const home = "/posts";
  // A browser reads "//host", "/\host" and "/<tab>/host" as another site's address.
  if (!next?.startsWith("/") || /[\\\p{Cc}]/u.test(next)) return home;
  const base = "http://here.invalid";
  let url: URL;
  try {
    url = new URL(next, base);
  } catch {
    return home;
  }
  // "/.//host" is a path of ours until its dots are taken out.
  if (url.origin !== base || url.pathname.startsWith("//") || isOpenToAll(url.pathname)) return home;
  return url.pathname + url.search + url.hash;
}
