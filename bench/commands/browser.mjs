// What training takes in the lab's page, in a headless Chromium, beside `widthwise run` on 128-bit vectors: a page cannot
// ask for others. Needs a build; without Chromium, or FashionMNIST, it is a missing table.
//
//     npm run bench:browser                     with the Node that runs this, and Node 24 where bench/peers/setup.sh put it
//     npm run bench:browser -- --node PATH      another Node, too

import console from "node:console";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { pathToFileURL, URLSearchParams } from "node:url";
import { parseArgs } from "node:util";
import { chromium } from "playwright-core";
import { nodes } from "../kernel/runners.mjs";
import { parseJson } from "../json.mjs";
import { placesIn, WIDTHWISE } from "./command.mjs";
import { runMeasured } from "./measured-process.mjs";

/**
 * @typedef {object} InBrowser Seconds, the best of all rounds.
 * @property {string} browser
 * @property {number} firstCurve from Start to the first curve, at the study that the page begins with
 * @property {number} shared training on shared memory
 * @property {number} own training on memory of each worker's own
 * @property {readonly { node: string, seconds: number }[]} commands of `widthwise run`, on as many workers
 */

const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";

const STUDY = `name: in-the-browser
question: What does the page take?
dataset: {name: fashion-mnist, examples: 6000}
model: {hidden: [width], init_std: 0.01}
training: {learning_rate: 0.005, passes: 12}
sweep: {width: [16, 64, 256]}
streams: {seeds: [0]}
`;

/**
 * @param {number} rounds
 * @param {(text: string) => void} tell
 * @param {readonly import("../kernel/runners.mjs").Node[]} among
 * @returns {Promise<InBrowser | null>}
 */
export async function measureBrowser(rounds, tell, among = nodes()) {
  if (!existsSync(CHROMIUM)) return null;
  const folder = mkdtempSync(join(tmpdir(), "widthwise-browser-"));
  const file = join(folder, "study.yaml");
  writeFileSync(file, STUDY);
  const server = spawn(process.execPath, [WIDTHWISE, "lab", "--port", "0", "--no-open"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [address] = /** @type {[string]} */ (await once(createInterface(server.stdout), "line"));
  const browser = await chromium.launch({ executablePath: CHROMIUM, args: ["--no-sandbox"] });
  const plain = among.filter(({ label }) => !label.includes("256-bit"));
  const best = { firstCurve: Infinity, shared: Infinity, own: Infinity };
  const commands = plain.map(({ label }) => ({ node: label, seconds: Infinity }));
  const least = (/** @type {number} */ a, /** @type {number} */ b) => Math.min(a, b);
  try {
    for (let round = 1; round <= rounds; round++) {
      tell(`the page beside the command: round ${round} of ${rounds}`);
      best.firstCurve = least(best.firstCurve, await secondsTo(browser, address, FIRST_CURVE));
      const link = `${address}#${new URLSearchParams({ study: STUDY })}`;
      best.shared = least(best.shared, await secondsTo(browser, link, DONE));
      best.own = least(best.own, await secondsTo(browser, link, DONE, NOT_SHARED));
      for (const [place, { command, options }] of plain.entries()) {
        const args = ["run", file, "--json", ...placesIn(join(folder, `${round}-${place}`))];
        const { stdout } = await runMeasured(command, [...options, WIDTHWISE, ...args]);
        const { seconds } = /** @type {{ seconds: { training: number } }} */ (parseJson(stdout));
        commands[place].seconds = least(commands[place].seconds, seconds.training);
      }
    }
    return { browser: `Chromium ${browser.version()}`, ...best, commands };
  } finally {
    await browser.close();
    server.kill();
    rmSync(folder, { recursive: true });
  }
}

/** From Start on, or from the moment on that the data are there. */
const FIRST_CURVE = { from: "loading", until: ".legend li" };
const DONE = { from: "running", until: ".status[data-state=done]" };

/** As on a host that does not isolate the page. */
const NOT_SHARED = "delete globalThis.SharedArrayBuffer;";

/**
 * Measured in the page itself.
 * @param {import("playwright-core").Browser} browser
 * @param {string} address
 * @param {{ from: string, until: string }} stretch
 * @param {string} [before] script of the page and its workers
 */
async function secondsTo(browser, address, stretch, before) {
  const page = await browser.newPage();
  try {
    if (before !== undefined)
      await page.route("**/study-worker.js", async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: before + (await answer.text()) });
      });
    await page.goto(address);
    await page.locator(".answer h2").waitFor();
    const seconds = await page.evaluate(
      ({ from, until }) =>
        new Promise((resolve) => {
          let began = NaN;
          const status = document.querySelector(".status");
          new MutationObserver(() => {
            if (Number.isNaN(began) && status?.getAttribute("data-state") === from)
              began = performance.now();
            if (document.querySelector(until) !== null) resolve((performance.now() - began) / 1000);
          }).observe(document.body, { subtree: true, childList: true, attributes: true });
          /** @type {HTMLElement | null} */ (document.querySelector("button.main"))?.click();
        }),
      stretch,
    );
    return /** @type {number} */ (seconds);
  } finally {
    await page.close();
  }
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { values } = parseArgs({
    options: { node: { type: "string" }, rounds: { type: "string", default: "3" } },
  });
  const given = values.node;
  const more = given === undefined ? [] : nodes([given]);
  const found = await measureBrowser(Number(values.rounds), console.error, [...nodes(), ...more]);
  console.log(JSON.stringify(found, null, 2));
}
