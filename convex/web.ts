"use node";
// The web service's internal door, as somebody of an organization.
import { SignJWT } from "jose";

import { internalKey, webUrl } from "./env";

export async function askWeb(
  organization_id: string,
  user_id: string,
  method: string,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
): Promise<{ status: number; body: unknown }> {
  const bytes = Uint8Array.from(internalKey().match(/../g) ?? [], (each) => Number.parseInt(each, 16));
  const token = await new SignJWT({ org_id: organization_id })
    .setProtectedHeader({ alg: "HS256" })
    .setAudience("internal")
    .setSubject(user_id)
    .setIssuedAt()
    .setExpirationTime("60s")
    .sign(bytes);
  const answer = await fetch(`${webUrl()}/api/web/internal/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, "content-type": "application/json", ...headers },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await answer.text();
  return { status: answer.status, body: text === "" ? null : JSON.parse(text) };
}
