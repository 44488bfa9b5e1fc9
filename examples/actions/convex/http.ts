// HTTP actions answer at the site address: here an API that wants a key, and a webhook that others call. They read the
// request and give a Response, as the Web's own fetch has them.
import { httpRouter } from "convex/server";

import { internal } from "./_generated/api";
import { httpAction } from "./_generated/server";

const http = httpRouter();
const DEGREES: Record<string, number> = { Lima: 19, Oslo: -4 };

http.route({
  path: "/weather",
  method: "GET",
  handler: httpAction(async (_ctx, request) => {
    const key = process.env.WEATHER_KEY;
    if (!key || request.headers.get("Authorization") !== `Bearer ${key}`)
      return new Response("Who asks?", { status: 401 });
    const degrees = DEGREES[new URL(request.url).searchParams.get("city") ?? ""];
    if (degrees === undefined) return new Response("There is no such city.", { status: 404 });
    return Response.json({ degrees });
  }),
});

/** POST /stations/Quito with a number. */
http.route({
  pathPrefix: "/stations/",
  method: "POST",
  handler: httpAction(async (ctx, request) => {
    const city = decodeURIComponent(new URL(request.url).pathname.slice("/stations/".length));
    const degrees = Number(await request.text());
    if (Number.isNaN(degrees)) return new Response("Send a number.", { status: 400 });
    await ctx.runMutation(internal.readings.keep, { city, degrees });
    return new Response(null, { status: 204 });
  }),
});

export default http;
