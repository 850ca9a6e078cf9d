// Builds the pages' scripts into ../static/app, which the wheel and the images carry. `--watch` builds again on each change.

import { build, context } from "esbuild";
import { copyFile, mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";

const HERE = dirname(fileURLToPath(import.meta.url));
const OUT = resolve(HERE, "../static/app");
const SHARED = resolve(HERE, "../../badges/web/static");
// The scanner's own build of zxing: another version of it reads memory that is not there.
const WASM = resolve(HERE, "node_modules/zxing-wasm/dist/reader/zxing_reader.wasm");
const WORKER = "service-worker.ts";

/** What both services' pages use stands in badges/web/static, under the address that a browser knows it by. */
const shared = {
  name: "shared",
  setup({ onResolve }) {
    onResolve({ filter: /^\/static\// }, ({ path }) => ({ path: join(SHARED, path.slice("/static/".length)) }));
  },
};

/** The list of the parts, for the service worker: what opens without a connection. */
const listed = {
  name: "listed",
  setup({ onEnd }) {
    onEnd(async ({ metafile }) => {
      const parts = Object.keys(metafile?.outputs ?? {}).map(
        (path) => `/static/app/${relative(OUT, resolve(HERE, path))}`,
      );
      await writeFile(join(OUT, "files.json"), JSON.stringify(parts.sort()));
    });
  },
};

/** What of other people's stands in the parts, with its licences, which ask to be passed on. */
const licensed = {
  name: "licensed",
  setup({ onEnd }) {
    onEnd(async ({ metafile }) => {
      const found = Object.keys(metafile?.inputs ?? {}).flatMap(
        (path) => /.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path) ?? [],
      );
      // The decoder's WebAssembly is copied, not built in.
      found.push("node_modules/zxing-wasm");
      const texts = await Promise.all([...new Set(found)].sort().map((folder) => licenceOf(resolve(HERE, folder))));
      await writeFile(join(OUT, "licences.txt"), texts.join("\n\n"));
    });
  },
};

async function licenceOf(folder) {
  const { name, version, license } = JSON.parse(await readFile(join(folder, "package.json"), "utf-8"));
  const file = (await readdir(folder)).find((one) => /^licen[cs]e/i.test(one));
  const text = file ? await readFile(join(folder, file), "utf-8") : "";
  return `${name} ${version} (${license})\n\n${text.trim()}\n`;
}

const common = {
  absWorkingDir: HERE,
  outdir: OUT,
  bundle: true,
  target: "es2022",
  minify: true,
  legalComments: "none",
  logLevel: "warning",
  plugins: [shared],
};
const pages = (await readdir(join(HERE, "src/pages"))).filter((page) => page !== WORKER);
const all = [
  {
    ...common,
    entryPoints: pages.map((page) => join(HERE, "src/pages", page)),
    format: "esm",
    splitting: true,
    chunkNames: "parts/[name]-[hash]",
    metafile: true,
    plugins: [shared, listed, licensed],
  },
  { ...common, entryPoints: [join(HERE, "src/pages", WORKER)], format: "iife" },
];

await rm(OUT, { recursive: true, force: true });
await mkdir(OUT, { recursive: true });
await copyFile(WASM, join(OUT, "zxing_reader.wasm"));
if (process.argv.includes("--watch")) for (const one of all) await (await context(one)).watch();
else await Promise.all(all.map(build));
