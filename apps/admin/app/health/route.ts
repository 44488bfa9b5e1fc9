/** For whoever keeps the app alive: it answers without asking anybody else. */
export const dynamic = "force-static";

export function GET() {
  return new Response("ok");
}
