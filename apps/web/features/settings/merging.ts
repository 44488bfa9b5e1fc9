/** Changes at any depth, as the services take them: only what is given changes. */
type Tree = Record<string, unknown>;

function isTree(value: unknown): value is Tree {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function merged<T>(into: T, changes: unknown): T {
  if (!isTree(into) || !isTree(changes)) return changes as T;
  const result: Tree = { ...into };
  for (const [key, value] of Object.entries(changes)) result[key] = merged(result[key], value);
  return result as T;
}

/** The change that takes `changes` back, as things were in `before`. */
export function reversed<C>(before: unknown, changes: C): C {
  if (!isTree(before) || !isTree(changes)) return before as C;
  return Object.fromEntries(Object.entries(changes).map(([key, value]) => [key, reversed(before[key], value)])) as C;
}
