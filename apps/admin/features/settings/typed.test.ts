import { expect, test } from "vitest";

import { choicesOf, formOf, fromField, toField } from "./typed";

test("a field is made by what fits", () => {
  expect(formOf({ type: { enum: ["invitation", "closed"], type: "string" } })).toBe("choice");
  expect(choicesOf({ type: { enum: ["invitation", "closed"] } })).toEqual(["invitation", "closed"]);
  expect(formOf({ type: { type: "integer", minimum: 8 } })).toBe("number");
  expect(formOf({ type: { type: "array", items: { type: "string" } } })).toBe("list");
  expect(formOf({ type: { type: "string", maxLength: 20 } })).toBe("text");
});

test.each([
  ["number", 12, "12"],
  ["list", ["a.example", "b.example"], "a.example\nb.example"],
  ["list", [], ""],
  ["text", "#2a6f97", "#2a6f97"],
  ["choice", "closed", "closed"],
  ["number", null, ""],
] as const)("a %s comes back as it was", (form, value, written) => {
  expect(toField(value)).toBe(written);
  expect(fromField(form, written)).toEqual(value);
});

test("what is no number is sent as it is, for the service to say so", () => {
  expect(fromField("number", "many")).toBe("many");
  expect(fromField("number", "1.5")).toBe("1.5");
});
