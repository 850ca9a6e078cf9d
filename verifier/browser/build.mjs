// Builds the pages' scripts into ../static/app, which the wheel and the images carry. `--watch` builds again on each change.

import { build, context } from "esbuild";
import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = resolve(HERE, "../static/app");
const SHARED = resolve(HERE, "../../badges/web/static");
// The scanner's own build of zxing: another version of it reads memory that is not there.
const WASM = resolve(HERE, "node_modules/zxing-wasm/dist/reader/zxing_reader.wasm");

/** What both services' pages use stands in badges/web/static, under the address that a browser knows it by. */
const shared = {
  name: "shared",
  setup({ onResolve }) {
    onResolve({ filter: /^\/static\// }, ({ path }) => ({ path: join(SHARED, path.slice("/static/".length)) }));
  },
};

const pages = await readdir(join(HERE, "src/pages"));
const options = {
  entryPoints: pages.map((page) => join(HERE, "src/pages", page)),
  outdir: OUT,
  bundle: true,
  splitting: true,
  format: "esm",
  target: "es2022",
  minify: true,
  chunkNames: "parts/[name]-[hash]",
  legalComments: "none",
  logLevel: "warning",
  plugins: [shared],
};

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
await copyFile(WASM, join(OUT, "zxing_reader.wasm"));
if (process.argv.includes("--watch")) await (await context(options)).watch();
else await build(options);
