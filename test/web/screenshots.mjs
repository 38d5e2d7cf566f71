// Takes pictures of the lab's main views: `npm run screenshots` puts them into runs/lab, and the one that the documentation
// shows into docs/lab. Needs a build, Chromium, and FashionMNIST on this machine.

import { spawn } from "node:child_process";
import console from "node:console";
import { once } from "node:events";
import { mkdirSync } from "node:fs";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const path = (/** @type {string} */ to) => fileURLToPath(new URL(to, import.meta.url));
const OUT = path("../../runs/lab/");
const SHOWN = path("../../docs/lab/");

/** @type {Record<string, { width: number; height: number; scheme?: "light" | "dark"; study: string; look?: string; cells?: number }>} */
const VIEWS = {
  light: { width: 1280, height: 900, study: "A first look" },
  dark: { width: 1280, height: 900, scheme: "dark", study: "Five seeds" },
  narrow: { width: 390, height: 844, study: "Wrong labels" },
  projector: { width: 1920, height: 1080, study: "A first look" },
  inside: { width: 1280, height: 900, study: "FashionMNIST", look: "128" },
  "inside-dark": { width: 1280, height: 900, scheme: "dark", study: "A first look", look: "32" },
  map: { width: 1280, height: 900, study: "A map", cells: 1200 },
  "map-dark": { width: 1280, height: 900, scheme: "dark", study: "A map", cells: 400 },
  "map-narrow": { width: 390, height: 844, study: "A map", cells: 400 },
  "map-projector": { width: 1920, height: 1080, study: "A map", cells: 400 },
};

/** A map takes minutes: until so many of its cells are trained, and then a look at one of them. @param {import("playwright-core").Page} page @param {number} cells */
async function lookAtMap(page, cells) {
  const trained = async () =>
    /(\d+) cells/.exec((await page.locator(".status").textContent()) ?? "");
  while (Number((await trained())?.[1] ?? 0) < cells) await page.waitForTimeout(250);
  await page.getByRole("button", { name: "Pause" }).click();
  await page.locator(".status[data-state=paused]").waitFor();
  const ground = page.locator(".map-ground");
  await ground.scrollIntoViewIfNeeded();
  const { width } = (await ground.boundingBox()) ?? { width: 0 };
  await ground.click({ position: { x: 0.86 * width, y: 0.42 * width } });
  await page.locator(".map-curve svg").waitFor();
  await page.mouse.move(0, 0);
}

const server = spawn(
  process.execPath,
  [path("../../bin/widthwise.js"), "lab", "--port", "0", "--no-open"],
  {
    stdio: ["ignore", "pipe", "inherit"],
  },
);
const [address] = await once(createInterface(server.stdout), "line");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
for (const folder of [OUT, SHOWN]) mkdirSync(folder, { recursive: true });
const asked = process.argv.slice(2);
for (const [name, { width, height, scheme = "light", study, look, cells }] of Object.entries(
  VIEWS,
)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
  await page.goto(address);
  await page.getByRole("button", { name: study }).click();
  await page.locator(".answer h2").waitFor();
  await page.getByRole("button", { name: "Start" }).click();
  if (cells !== undefined) await lookAtMap(page, cells);
  else await page.locator(".status[data-state=done]").waitFor({ timeout: 120_000 });
  if (look !== undefined) {
    await page.getByRole("radio", { name: look, exact: true }).click();
    await page.getByRole("heading", { name: /^Confusion/ }).waitFor();
  }
  await page.screenshot({ path: `${OUT}${name}.png`, fullPage: true });
  if (name === "light")
    await page.screenshot({ path: `${SHOWN}lab.jpg`, type: "jpeg", quality: 72 });
  if (name === "map")
    await page.locator(".map").screenshot({ path: `${SHOWN}map.jpg`, type: "jpeg", quality: 72 });
  await page.close();
  console.log(`${OUT}${name}.png`);
}
await browser.close();
server.kill();
