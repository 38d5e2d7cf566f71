// Bundles the page and its workers: `npm run build:web` makes dist/web, static files that any host can serve.
// With --fashion-mnist FOLDER the data set's four files (.gz) are placed beside it.

import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { build } from "esbuild";
import about from "./package.json" with { type: "json" };

const OUT = "dist/web";
const { values } = parseArgs({ options: { "fashion-mnist": { type: "string" } } });

await build({
  define: { WIDTHWISE_VERSION: JSON.stringify(about.version) },
  entryPoints: {
    lab: "src/web/main.tsx",
    "study-worker": "src/web/engine/study-worker.ts",
    "kernel-worker": "src/pool/web/kernel-worker.ts",
  },
  outdir: OUT,
  bundle: true,
  splitting: true,
  minify: true,
  format: "esm",
  target: "es2022",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
});
for (const kind of ["private", "shared"])
  await cp(`dist/kernel/${kind}.wasm`, join(OUT, `${kind}.wasm`));
await cp("src/web/icon.svg", join(OUT, "icon.svg"));
const folder = values["fashion-mnist"];
const page = await readFile("src/web/index.html", "utf8");
const beside = folder === undefined ? "" : "fashion-mnist";
await writeFile(
  join(OUT, "index.html"),
  page.replace(
    'name="widthwise-datasets" content=""',
    `name="widthwise-datasets" content="${beside}"`,
  ),
);
if (folder !== undefined) {
  await mkdir(join(OUT, "fashion-mnist"), { recursive: true });
  for (const [set, kind] of ["train", "t10k"].flatMap((set) => [
    [set, "images-idx3"],
    [set, "labels-idx1"],
  ])) {
    const name = `${set}-${kind}-ubyte.gz`;
    await cp(join(folder, name), join(OUT, "fashion-mnist", name));
  }
}
