// Trains in Debian's Firefox, with shared memory and without, and compares fingerprints with the command line's, and the
// points of ranges with Node's:
// `npm run test:firefox`. Needs a build and firefox-esr, or what FIREFOX names. Playwright's Firefox is a patched one;
// this one is driven by the protocol that it has itself, WebDriver BiDi.

import { execFile, spawn } from "node:child_process";
import console from "node:console";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { extname, join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { runInThisContext } from "node:vm";
import { launch } from "puppeteer-core";
import { rangeScript } from "./range-script.mjs";

const BIN = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));
const PAGE = fileURLToPath(new URL("../../dist/web/", import.meta.url));
const FIREFOX = process.env.FIREFOX ?? "/usr/bin/firefox-esr";

const CSV = Array.from({ length: 60 }, (_, i) => `${Math.sin(i)},${i / 60},${i % 3}`).join("\n");

/** @type {Record<string, { text: string; files?: Record<string, string> }>} */
const STUDIES = {
  "a search, label noise and seeds": {
    text: `name: firefox
question: Does Firefox train as the command line does?
dataset: {name: mnist-1d, examples: 200, label_noise: 0.1}
model: {hidden: [width], init: he}
training: {learning_rate: eta_star / 2, passes: 8}
search: {width: 9, factor: 0.95}
sweep: {width: [3, 9]}
streams: {seeds: [0, 3]}
`,
  },
  "tanh, Adam and batches": {
    text: `name: firefox-adam
question: Does Firefox train as the command line does?
dataset: {name: gaussian-clusters, examples: 120}
model: {hidden: [width, 7], activation: tanh, init: lecun}
training: {learning_rate: 0.003, batch: 16, passes: 6, optimizer: {kind: adam}}
sweep: {width: [5, 24]}
`,
  },
  "a map": {
    text: `name: firefox-map
question: Does Firefox refine as the command line does?
dataset: {name: gaussian-clusters, inputs: 8, classes: 2, separation: 0, train: 40, test: 10}
model: {hidden: [width], activation: tanh, init: lecun}
training: {objective: squared error, batch: full, passes: 30}
sweep:
  width: {from: 2, to: 8, points: 3}
  training.learning_rate: {from: 0.01, to: 300, points: 5, scale: log}
ask: [{name: map, of: trainable, refine: 1}]
`,
  },
  "the user's own file": {
    text: `name: firefox-file
question: Does Firefox read as the command line does?
dataset: {path: mine.csv, test: {share: 0.25, seed: 4}}
model: {hidden: [width], init: he}
training: {learning_rate: 0.02, passes: 5}
sweep: {width: [6]}
`,
    files: { "mine.csv": CSV },
  },
};

/** @typedef {{ address: string; close: () => void }} Site */

/** @returns {Promise<Site>} */
async function serveByCommand() {
  const child = spawn(process.execPath, [BIN, "lab", "--port", "0", "--no-open"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [address] = await once(createInterface(child.stdout), "line");
  return { address, close: () => child.kill() };
}

const TYPES = { ".html": "text/html", ".js": "text/javascript", ".wasm": "application/wasm" };

/** A host that isolates no page. @returns {Promise<Site>} */
async function serveStatic() {
  const names = readdirSync(PAGE, { withFileTypes: true }).filter((entry) => entry.isFile());
  const files = new Map(names.map(({ name }) => [name, readFileSync(join(PAGE, name))]));
  const server = createServer(({ url = "/" }, response) => {
    const name = url.slice(1).replace(/[?#].*/, "") || "index.html";
    const file = files.get(name);
    response.writeHead(file ? 200 : 404, { "Content-Type": TYPES[extname(name)] ?? "text/css" });
    response.end(file);
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { address: `http://127.0.0.1:${server.address().port}/`, close };
}

/** @param {string} folder @param {{ text: string; files?: Record<string, string> }} study */
async function byCommand(folder, { text, files = {} }) {
  for (const [name, content] of Object.entries({ ...files, "study.yaml": text }))
    writeFileSync(join(folder, name), content);
  const places = ["--out", join(folder, "out"), "--store", join(folder, "store.db"), "--force"];
  const args = [BIN, "run", join(folder, "study.yaml"), ...places, "--json"];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { fingerprint, fingerprints } = JSON.parse(stdout);
  return [fingerprint, ...Object.values(fingerprints).flat()];
}

/**
 * @param {import("puppeteer-core").Browser} browser @param {Site} site @param {string} folder
 * @param {{ text: string; files?: Record<string, string> }} study
 */
async function byPage(browser, site, folder, { text, files }) {
  const page = await browser.newPage();
  try {
    await page.goto(`${site.address}#${new URLSearchParams({ study: text })}`);
    if (files !== undefined) {
      const input = await page.waitForSelector(".own-file input[type=file]");
      await input.uploadFile(...Object.keys(files).map((name) => join(folder, name)));
    }
    await page.locator("button.main:enabled").click();
    await page.waitForSelector(".status[data-state=done]", { timeout: 120_000 }).catch(async () => {
      const status = await page.$eval(".status", ({ textContent }) => textContent);
      throw new Error(`it is not done after two minutes: ${status}`);
    });
    const fingerprints = await page.$$eval(".proofs code, .fingerprint code", (all) =>
      all.map(({ title, textContent }) => title || textContent),
    );
    const memory = await page.$eval("footer", ({ textContent }) => textContent);
    return { fingerprints, memory };
  } finally {
    await page.close();
  }
}

/** Points of ranges, and of maps. @param {import("puppeteer-core").Browser} browser */
async function hasSamePoints(browser) {
  const script = await rangeScript();
  const page = await browser.newPage();
  try {
    const found = await page.evaluate(script);
    return found.join() === runInThisContext(script).join();
  } finally {
    await page.close();
  }
}

const folder = mkdtempSync(join(tmpdir(), "widthwise-firefox-"));
const sites = [
  { site: await serveByCommand(), memory: "on shared memory" },
  { site: await serveStatic(), memory: "on memory of its own" },
];
const browser = await launch({ browser: "firefox", executablePath: FIREFOX, headless: true });
let failed = 0;
try {
  console.log(await browser.version());
  const isSame = await hasSamePoints(browser);
  if (!isSame) failed++;
  console.log(`${isSame ? "the same" : "OTHERS"}: points of ranges and maps`);
  for (const [name, study] of Object.entries(STUDIES)) {
    const expected = await byCommand(folder, study);
    for (const { site, memory } of sites) {
      const found = await byPage(browser, site, folder, study).catch(({ message }) => ({
        ...{ fingerprints: [], memory, message },
      }));
      // The study's comes first; a map's page tells no others at once.
      const told = found.fingerprints;
      const isSame = told.length > 0 && told.join() === expected.slice(0, told.length).join();
      const isThere = found.memory?.includes(memory);
      if (!isSame || !isThere) failed++;
      const verdict = !isThere ? `NOT ${memory}: ${found.memory}` : isSame ? "the same" : "OTHERS";
      if ("message" in found) console.log(found.message);
      console.log(`${verdict}: ${name}, ${memory}`);
    }
  }
} finally {
  await browser.close();
  for (const { site } of sites) site.close();
  rmSync(folder, { recursive: true, force: true });
}
if (failed > 0) process.exitCode = 1;
