/** Between what a setting's JSON Schema says, what stands in its field, and what is sent. */
import type { AdminShapes } from "@dfworx/api/admin";

type Setting = AdminShapes["Setting"];
export type Form = "choice" | "number" | "list" | "text";

export function formOf({ type }: Pick<Setting, "type">): Form {
  if (Array.isArray(type.enum)) return "choice";
  if (type.type === "integer") return "number";
  return type.type === "array" ? "list" : "text";
}

export function choicesOf({ type }: Pick<Setting, "type">): string[] {
  return Array.isArray(type.enum) ? type.enum.map(String) : [];
}

export function toField(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.join("\n");
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** What the service is sent, which says what is wrong with it; an empty number goes back to the default. */
export function fromField(form: Form, written: string): unknown {
  const text = written.trim();
  if (form === "number") return text === "" ? null : Number.isInteger(Number(text)) ? Number(text) : text;
  if (form === "list") return text === "" ? [] : text.split(/[\s,]+/);
  return written;
}
