// The same bits on every platform: computes the cases of cases.mjs on every platform of platforms.mjs and holds
// the fingerprints against the committed ones: test/golden/homework.json for the homework's widths,
// test/golden/platforms.json for the rest (UPDATE_GOLDENS=1 writes the latter anew, from the first platform).
//
//   npm run test:platforms [-- --allow-missing]
//
// Every platform is a process of its own: Node 20, 22, 24 and 26; 1 to 4 workers on shared memory, or private
// memory; V8's compilers apart, without AVX, revectorized; and arm64 under qemu. That takes about ten minutes on
// two cores, and the first time fetches Node from npm and the emulator from Debian's archive (300 MB, kept in the
// user's cache folder; nothing is installed), so it is no part of `npm test`. Exit code 1 where a fingerprint
// differs, where a platform fails, and where one cannot be had, unless --allow-missing says that this is no fault.

import console from "node:console";
import { readFileSync, writeFileSync } from "node:fs";
import process from "node:process";
import { URL } from "node:url";
import { parseArgs } from "node:util";
import { EDGE_NAMES } from "./cases.mjs";
import { compute } from "./compute.mjs";
import { platforms } from "./platforms.mjs";
import { difference, differing, summary, table } from "./table.mjs";

const HOMEWORK_GOLDEN = new URL("../golden/homework.json", import.meta.url);
const EDGE_GOLDEN = new URL("../golden/platforms.json", import.meta.url);

const { values: options } = parseArgs({
  options: { "allow-missing": { type: "boolean", default: false } },
});

const expected = platforms();
const outcomes = expected.map((platform, index) => {
  console.error(`${index + 1}/${expected.length} Node ${platform.major}, ${platform.name}`);
  return compute(platform);
});

if (process.env.UPDATE_GOLDENS !== undefined) {
  const [{ fingerprints }] = outcomes;
  const edges = Object.fromEntries(EDGE_NAMES.map((name) => [name, fingerprints[name]]));
  writeFileSync(EDGE_GOLDEN, `${JSON.stringify(edges, null, 2)}\n`);
}
const homework = /** @type {{ after_two_passes: Record<string, string> }} */ (
  read(HOMEWORK_GOLDEN)
);
const edges = /** @type {Record<string, string>} */ (read(EDGE_GOLDEN));
const committed = { ...homework.after_two_passes, ...edges };

const different = outcomes.filter((outcome) => differing(outcome, committed).length > 0);
console.log(table(outcomes, committed));
for (const outcome of different) console.log(`\n${difference(outcome, committed)}`);
console.log(`\n${summary(outcomes, committed)}`);

const faults = outcomes.filter(
  ({ state }) => state === "failed" || (state === "not available" && !options["allow-missing"]),
);
if (different.length > 0 || faults.length > 0) process.exitCode = 1;

/**
 * @param {URL} file
 * @returns {unknown}
 */
function read(file) {
  return JSON.parse(readFileSync(file, "utf8"));
}
