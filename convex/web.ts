"use node";
// The web service's internal door, as somebody of an organization: a token of one minute says who, and the service asks
// PostgreSQL what they may do. Who calls this has taken both ids from a row or a verified token. Without a person it is
// the organization that speaks, which is heard of presence alone.
import { SignJWT } from "jose";

import { internalKey, webUrl } from "./env";

const ANSWER_MS = 20_000;

/** Raises when the service can't be reached; what it answers is the caller's to judge. */
export async function askWeb(
  organization_id: string,
  user_id: string | null,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown }> {
  const [url, key] = [webUrl(), internalKey()];
  if (url === "" || key === "") {
    throw new Error("Set DFWORX_WEB_URL and DFWORX_INTERNAL_KEY in the deployment's environment.");
  }
  const token = await new SignJWT({ org_id: organization_id, ...(user_id !== null && { sub: user_id }) })
    .setProtectedHeader({ alg: "HS256" })
    .setAudience("internal")
    .setIssuedAt()
    .setExpirationTime("60s")
    .sign(Uint8Array.from(key.match(/../g) ?? [], (each) => Number.parseInt(each, 16)));
  const answer = await fetch(`${url}/api/web/internal/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
    body: body === undefined ? null : JSON.stringify(body),
    signal: AbortSignal.timeout(ANSWER_MS),
  });
  const text = await answer.text();
  const is_json = /^application\/([a-z]+\+)?json/.test(answer.headers.get("content-type") ?? "");
  return { status: answer.status, body: text !== "" && is_json ? JSON.parse(text) : null };
}
