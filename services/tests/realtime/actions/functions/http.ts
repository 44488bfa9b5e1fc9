// The router of the site address.
import { httpActionGeneric, httpRouter, makeFunctionReference } from "convex/server";
import { ConvexError } from "convex/values";

const http = httpRouter();
const add = makeFunctionReference<"mutation", { body: string }>("notes:addInside");
const list = makeFunctionReference<"query", Record<string, never>, string[]>("notes:list");
const whoAsks = makeFunctionReference<"query", Record<string, never>, string | null>("notes:whoAsks");

http.route({
  path: "/notes",
  method: "POST",
  handler: httpActionGeneric(async (ctx, request) => {
    await ctx.runMutation(add, { body: await request.text() });
    return new Response(null, { status: 201, headers: { "x-kept": "yes" } });
  }),
});
http.route({
  path: "/notes",
  method: "GET",
  handler: httpActionGeneric(async (ctx) => Response.json(await ctx.runQuery(list, {}))),
});
http.route({
  path: "/notes/first",
  method: "GET",
  handler: httpActionGeneric(async () => new Response("exact")),
});
for (const pathPrefix of ["/notes/", "/notes/of/"] as const) {
  http.route({ pathPrefix, method: "GET", handler: httpActionGeneric(async () => new Response(pathPrefix)) });
}
http.route({
  path: "/echo",
  method: "PUT",
  handler: httpActionGeneric(async (_, request) => {
    const headers = new Headers({ "content-type": request.headers.get("content-type") ?? "none", "x-url": request.url });
    headers.append("set-cookie", "a=1");
    headers.append("set-cookie", "b=2");
    return new Response(await request.arrayBuffer(), { headers });
  }),
});
http.route({
  path: "/who",
  method: "GET",
  handler: httpActionGeneric(async (ctx) => {
    const identity = await ctx.auth.getUserIdentity();
    return Response.json([identity?.subject ?? null, await ctx.runQuery(whoAsks, {})]);
  }),
});
/** The next part is sent when something was added: whoever reads must have the one before by then. */
http.route({
  path: "/stream",
  method: "GET",
  handler: httpActionGeneric(async (ctx) => {
    const text = new TextEncoder();
    let told = 0;
    const body = new ReadableStream({
      async pull(controller) {
        const notes = await ctx.runQuery(list, {});
        if (told === 0) controller.enqueue(text.encode("begin\n"));
        else if (notes.length >= told) controller.enqueue(text.encode(`${notes[told - 1]}\n`));
        else {
          await new Promise((resolve) => setTimeout(resolve, 10));
          return await this.pull!(controller);
        }
        told++;
        if (told === 4) controller.close();
      },
    });
    return new Response(body, { headers: { "content-type": "text/plain" } });
  }),
});
/** Writes the body itself, and a note when it has written all of it. */
http.route({
  path: "/long",
  method: "GET",
  handler: httpActionGeneric(async (ctx) => {
    const { readable, writable } = new TransformStream();
    const write = async () => {
      const writer = writable.getWriter();
      for (let part = 0; part < 64; part++) await writer.write(new Uint8Array(64 << 10));
      await ctx.runMutation(add, { body: "written to its end" });
      await writer.close();
    };
    void write();
    return new Response(readable);
  }),
});
http.route({
  path: "/endless",
  method: "GET",
  handler: httpActionGeneric(async () => {
    const body = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(1 << 20)) });
    return new Response(body);
  }),
});
http.route({
  path: "/large",
  method: "GET",
  handler: httpActionGeneric(async (_, request) => {
    const size = Number(new URL(request.url).searchParams.get("size"));
    return new Response("x".repeat(size));
  }),
});
http.route({
  path: "/fails",
  method: "GET",
  handler: httpActionGeneric(async () => {
    throw new Error("boom");
  }),
});
http.route({
  path: "/refuses",
  method: "GET",
  handler: httpActionGeneric(async () => {
    throw new ConvexError("refused");
  }),
});
http.route({
  path: "/nothing",
  method: "GET",
  handler: httpActionGeneric(async () => undefined as unknown as Response),
});
http.route({
  path: "/loops",
  method: "GET",
  handler: httpActionGeneric(async () => {
    for (;;);
  }),
});
http.route({
  path: "/allowed",
  method: "OPTIONS",
  handler: httpActionGeneric(
    async () => new Response(null, { status: 204, headers: { "access-control-allow-origin": "https://example.org" } }),
  ),
});

export default http;
