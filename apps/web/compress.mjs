/**
 * The last step of a build: what browsers fetch is compressed once, as well as it can be, and served so by the gateway.
 * Brotli's best is a tenth smaller than what there is time for while somebody waits.
 */
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";

/** Where the build is run: each app's. */
const FOLDER = path.join(process.cwd(), ".next", "static");
/** Fonts and pictures are compressed as they are. */
const KINDS = /\.(js|css|svg|json|txt)$/;
const SMALLEST = 1024;

const kinds = [
  [
    ".br",
    (bytes) => promisify(brotliCompress)(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } }),
  ],
  [".gz", (bytes) => promisify(gzip)(bytes, { level: constants.Z_BEST_COMPRESSION })],
];

const files = (await readdir(FOLDER, { recursive: true })).filter((name) => KINDS.test(name));
await Promise.all(
  files.map(async (name) => {
    const file = path.join(FOLDER, name);
    const bytes = await readFile(file);
    if (bytes.length < SMALLEST) return;
    await Promise.all(kinds.map(async ([ending, compress]) => writeFile(file + ending, await compress(bytes))));
  }),
);
