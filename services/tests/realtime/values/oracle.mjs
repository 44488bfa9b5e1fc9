// What Convex's own package says of values: a list of encoded ones in, a figure for each two neighbours and for each out.
import { compareValues, convexToJson, getConvexSize, jsonToConvex } from "convex/values";
import { readFileSync } from "node:fs";

const written = JSON.parse(readFileSync(0, "utf8"));
const values = written.map(jsonToConvex);
process.stdout.write(
  JSON.stringify({
    encoded: values.map((value) => JSON.stringify(convexToJson(value))),
    sizes: values.map((value) => getConvexSize(value)),
    compared: values.slice(1).map((value, index) => Math.sign(compareValues(values[index], value))),
  }),
);
