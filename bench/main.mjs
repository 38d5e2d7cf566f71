// npm run bench: measures widthwise and its peers side by side, prints the tables, and keeps them.
//
//     npm run bench              everything, about a quarter of an hour on a machine with nothing else to do
//     npm run bench -- --quick   two widths, few rounds, no homework, nothing kept: does it work?
//
// bench/peers/setup.sh gets the peers; one that is not there is a missing row.

import console from "node:console";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureBrowser } from "./commands/browser.mjs";
import { measureForecasts } from "./commands/forecast.mjs";
import { measureGrowth } from "./commands/growth.mjs";
import { measureHomework } from "./commands/homework.mjs";
import { parseJson } from "./json.mjs";
import { machine } from "./report/machine.mjs";
import { compilePeak } from "./peak/peak.mjs";
import { pinToOneCore } from "./kernel/pinning.mjs";
import { writeProblem } from "./kernel/problem.mjs";
import { report } from "./report/report.mjs";
import { measureInRounds, measureShapes } from "./kernel/rounds.mjs";
import { measureStore } from "./commands/store.mjs";
import { writeShapes } from "./kernel/shapes.mjs";
import { candidates, nodes } from "./kernel/runners.mjs";

const RESULTS_JSON = new URL("./results.json", import.meta.url);
const RESULTS_MARKDOWN = new URL("./RESULTS.md", import.meta.url);
/** What stands below this line in RESULTS.md is written by people, and stays. */
const BY_HAND = "<!-- by hand from here on -->";

const { values: options } = parseArgs({ options: { quick: { type: "boolean", default: false } } });
const { quick } = options;
const widths = quick ? [32, 512] : [8, 16, 32, 64, 128, 512];
const rounds = quick ? 2 : 5;

const began = performance.now();
const folder = await mkdtemp(join(tmpdir(), "widthwise-bench-"));
try {
  const before = machine();
  tell("writing the problem");
  await writeProblem(folder, quick ? widths : [...new Set([...widths, 8, 16, 32, 128, 512])]);
  compilePeak(join(folder, "peak.wasm"));
  await writeShapes(folder);
  const all = candidates(folder);
  const pinning = pinToOneCore();
  const rows = await measureInRounds(all.homework, { widths, rounds, seconds: 0.3, pinning, tell });
  const shapes = await measureShapes(all.shapes, { rounds, seconds: 0.3, pinning, tell });
  const notebooks = all.homework.filter(({ kind }) => kind === "notebook");
  const products = nodes().filter(({ judged }) => judged);
  const results = {
    date: new Date().toISOString().slice(0, 16).replace("T", " ") + " UTC",
    widthwise: await version(),
    machine: before,
    core: pinning.core,
    widths,
    rounds,
    rows,
    shapes,
    homework: quick ? null : await measureHomework(products, notebooks, tell),
    forecasts: quick ? null : await measureForecasts(products[0], tell),
    growth: quick ? null : await measureGrowth(products[0], tell),
    browser: quick ? null : await measureBrowser(rounds, tell),
    store: await measureStore(widths, tell),
  };
  const tables = report(results);
  console.log(tables);
  if (!quick) {
    await writeFile(RESULTS_JSON, JSON.stringify(results, null, 2) + "\n");
    await writeFile(
      RESULTS_MARKDOWN,
      `# Results\n\n\`npm run bench\` writes this.\n\n${tables}\n\n${BY_HAND}${await byHand()}`,
    );
  }
  tell("done");
} finally {
  await rm(folder, { recursive: true });
}

/** @param {string} text */
function tell(text) {
  console.error(`${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s  ${text}`);
}

async function version() {
  const text = await readFile(new URL("../package.json", import.meta.url), "utf8");
  return /** @type {{ version: string }} */ (parseJson(text)).version;
}

/** What people have added to RESULTS.md. */
async function byHand() {
  const text = await readFile(RESULTS_MARKDOWN, "utf8").catch(() => "");
  return text.split(BY_HAND)[1] ?? "\n";
}
