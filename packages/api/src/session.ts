/**
 * The session of a browser. Its tokens are cookies that scripts can't read, so all that is known here is whether
 * somebody has signed in (a hint for the page's server, worth nothing to a thief) and when the tokens were last made
 * anew. Refresh tokens rotate, and one used twice ends the session: so only one tab refreshes at a time, and what was
 * refused in the meantime is simply sent again.
 */
import { ApiProblem } from "./problem";

export const SIGNED_IN_HINT = "dfworx_signed_in";
const REFRESHED_AT = "dfworx.refreshed_at";
const LOCK = "dfworx.refresh";
const SECONDS_TO_ANSWER = 10;
/** What hands out cookies, or takes them away. */
const BEGINS = /^\/api\/auth\/(login|register|refresh|switch|password|invitations\/[^/]+\/accept)$/;
const ENDS = /^\/api\/auth\/(logout|logout-all)$/;

let waiting: Promise<unknown> = Promise.resolve();

/** `fetch` for `createApi`: refreshes once when the access token has run out, and sends the request again. */
export async function sessionFetch(request: Request): Promise<Response> {
  const { pathname } = new URL(request.url);
  const again = request.clone();
  const sentAt = Date.now();
  const answer = await answerOf(request);
  if (answer.ok && BEGINS.test(pathname)) rememberSession();
  if (answer.ok && ENDS.test(pathname)) forgetSession();
  if (answer.status !== 401 || (await isWrongPassword(answer))) return answer;
  return (await refreshSession(sentAt)) ? answerOf(again) : answer;
}

/** An answer to what was sent, and no reason to refresh and guess a second time. */
async function isWrongPassword(answer: Response): Promise<boolean> {
  const problem = (await answer
    .clone()
    .json()
    .catch(() => null)) as { code?: unknown } | null;
  return problem?.code === "invalid_credentials";
}

/** False when the session is over. `since` is when what was refused was sent: tokens made later are good. */
export function refreshSession(since = Date.now()): Promise<boolean> {
  return alone(async () => {
    if (refreshedAt() > since) return true;
    const answer = await answerOf(new Request("/api/auth/refresh", { method: "POST" }));
    if (answer.ok) {
      rememberSession();
      return true;
    }
    if (answer.status !== 401) throw ApiProblem.from(answer, await answer.json().catch(() => null));
    forgetSession();
    return false;
  });
}

export function forgetSession(): void {
  document.cookie = `${SIGNED_IN_HINT}=; path=/; max-age=0; samesite=lax`;
}

function rememberSession(): void {
  document.cookie = `${SIGNED_IN_HINT}=1; path=/; max-age=${60 * 60 * 24 * 30}; samesite=lax`;
  localStorage.setItem(REFRESHED_AT, String(Date.now()));
}

function refreshedAt(): number {
  return Number(localStorage.getItem(REFRESHED_AT) ?? 0);
}

/** One at a time among all tabs. Browsers know no locks on pages over plain http: there, one at a time in this tab. */
async function alone<T>(act: () => Promise<T>): Promise<T> {
  if ("locks" in navigator) return await navigator.locks.request(LOCK, act);
  const turn = waiting.then(act, act);
  waiting = turn.catch(() => undefined);
  return turn;
}

function answerOf(request: Request): Promise<Response> {
  // A write is never given up on: whether it was done would stay unknown.
  if (request.method !== "GET") return fetch(request);
  return fetch(request, { signal: AbortSignal.any([request.signal, AbortSignal.timeout(SECONDS_TO_ANSWER * 1000)]) });
}
