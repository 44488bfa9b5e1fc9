// esbuild, asked by its own interface: its program is a script on one machine and a binary on the next.
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

const { packages, folder, entry, nodeEntry, config } = JSON.parse(readFileSync(0, "utf8"));
const esbuild = createRequire(`${packages}/`)("esbuild");

/** What both runtimes have in common. */
function options(contents) {
  return {
    stdin: { contents, resolveDir: folder, sourcefile: "_entry.ts", loader: "ts" },
    absWorkingDir: folder,
    // For a folder that is in no project with packages of its own.
    nodePaths: [packages],
    bundle: true,
    write: false,
    target: "esnext",
    jsx: "automatic",
    keepNames: true,
    conditions: ["convex", "module"],
    sourcemap: "inline",
    sourcesContent: false,
    logLevel: "silent",
  };
}

/** A component is what the folder's own convex.config imports of that name, from a package or a folder. */
const components = {
  name: "components",
  setup(build) {
    build.onResolve({ filter: /(^|\/)convex\.config(\.[cm]?[jt]s)?$/ }, ({ path: imported, kind }) => {
      if (kind === "entry-point") return null;
      const name = imported.replace(/\/convex\.config(\.[cm]?[jt]s)?$/, "");
      const text =
        `The component ${name} can't be installed: this deployment has no components. Take it out of ${config}, and put ` +
        "what you need of it into functions and tables of your own; docs/decisions/realtime-components.md says how.";
      return { errors: [{ text }] };
    });
  },
};

/** Packages that are not to be made part of the bundle, as the project's convex.json names them. */
function externalPackages() {
  const file = path.join(path.dirname(folder), "convex.json");
  const named = existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")).node?.externalPackages ?? []) : [];
  return named.includes("*") ? { packages: "external" } : { external: named.flatMap((name) => [name, `${name}/*`]) };
}

const made = {};
try {
  if (config) {
    const plugins = [components];
    await esbuild.build({ ...options(""), stdin: undefined, entryPoints: [config], format: "esm", plugins });
  }
  const browser = { format: "iife", platform: "browser" };
  made.code = (await esbuild.build({ ...options(entry), ...browser })).outputFiles[0].text;
  if (nodeEntry) {
    const node = { format: "cjs", platform: "node", ...externalPackages() };
    made.node = (await esbuild.build({ ...options(nodeEntry), ...node })).outputFiles[0].text;
  }
  process.stdout.write(JSON.stringify(made));
} catch (error) {
  const errors = error.errors ?? [];
  const told = errors.length ? esbuild.formatMessagesSync(errors, { kind: "error" }).join("") : String(error);
  const advice = errors.some(({ notes }) => notes.some(({ text }) => text.includes("bundle for node")))
    ? '\nA file that needs Node begins with "use node" and holds actions only; move what needs it to one of those.'
    : "";
  process.stderr.write(told + advice);
  process.exitCode = 1;
}
