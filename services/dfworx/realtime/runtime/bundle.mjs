// esbuild, asked by its own interface: its program is a script on one machine and a binary on the next.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const { packages, folder, entry } = JSON.parse(readFileSync(0, "utf8"));
const esbuild = createRequire(`${packages}/`)("esbuild");

try {
  const made = await esbuild.build({
    stdin: { contents: entry, resolveDir: folder, sourcefile: "_entry.ts", loader: "ts" },
    absWorkingDir: folder,
    // For a folder that is in no project with packages of its own.
    nodePaths: [packages],
    bundle: true,
    write: false,
    format: "iife",
    platform: "browser",
    target: "esnext",
    keepNames: true,
    conditions: ["convex", "module"],
    sourcemap: "inline",
    sourcesContent: false,
    logLevel: "silent",
  });
  process.stdout.write(made.outputFiles[0].text);
} catch (error) {
  process.stderr.write((error.errors ?? []).length ? esbuild.formatMessagesSync(error.errors, { kind: "error" }).join("") : String(error));
  process.exitCode = 1;
}
