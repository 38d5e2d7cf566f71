// How many frames a second the lab shows while five widths train: `node test/web/frame-rate.mjs` reads the times of animation frames in
// headless Chromium, first of the page at rest and then while it trains. Needs a build.

import { spawn } from "node:child_process";
import console from "node:console";
import { once } from "node:events";
import { loadavg } from "node:os";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const SECONDS = 10;

const STUDY = `name: frames
question: Is the page smooth while five widths train?
dataset: {name: mnist-1d, examples: 1000}
model: {hidden: [width], init: he}
training: {learning_rate: 0.01, passes: 5000}
sweep: {width: [16, 32, 64, 128, 256]}
`;

const BIN = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));
const server = spawn(process.execPath, [BIN, "lab", "--port", "0", "--no-open"], {
  stdio: ["ignore", "pipe", "ignore"],
});
const [address] = await once(createInterface(server.stdout), "line");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${address}#${new URLSearchParams({ study: STUDY })}`);
  await page.locator("button.main:enabled").waitFor();
  tell("at rest", await frames(page));
  await page.locator("button.main").click();
  await page.locator(".legend li").nth(4).waitFor();
  tell("while five widths train", await frames(page));
  console.log(await page.locator(".status").textContent());
} finally {
  await browser.close();
  server.kill();
}

/** Milliseconds between frames, and of the page's own long tasks. @param {import("playwright-core").Page} page */
function frames(page) {
  return page.evaluate(
    (milliseconds) =>
      new Promise((resolve) => {
        const [intervals, tasks] = [[], []];
        new PerformanceObserver((list) => {
          for (const { duration } of list.getEntries()) tasks.push(duration);
        }).observe({ type: "longtask" });
        const begun = performance.now();
        let last = begun;
        const next = (now) => {
          intervals.push(now - last);
          last = now;
          if (now - begun < milliseconds) requestAnimationFrame(next);
          else resolve({ intervals: intervals.slice(1), tasks });
        };
        requestAnimationFrame(next);
      }),
    1000 * SECONDS,
  );
}

/** @param {string} when @param {{ intervals: number[]; tasks: number[] }} measured */
function tell(when, { intervals, tasks }) {
  const sorted = intervals.toSorted((a, b) => a - b);
  const at = (/** @type {number} */ share) =>
    sorted[Math.floor(share * (sorted.length - 1))].toFixed(1);
  const rate = (1000 * intervals.length) / intervals.reduce((sum, one) => sum + one, 0);
  const late = intervals.filter((one) => one > 25).length / intervals.length;
  console.log(
    `${when}: ${rate.toFixed(1)} frames a second; median ${at(0.5)} ms, 95th percentile ${at(0.95)} ms, ` +
      `${(100 * late).toFixed(1)} % later than 25 ms; ${tasks.length} tasks of the page over 50 ms; load ${loadavg()[0].toFixed(1)}`,
  );
}
