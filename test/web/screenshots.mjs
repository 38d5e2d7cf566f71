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

/** @type {Record<string, { width: number; height: number; scheme?: "light" | "dark"; study: string; look?: string }>} */
const VIEWS = {
  light: { width: 1280, height: 900, study: "A first look" },
  dark: { width: 1280, height: 900, scheme: "dark", study: "Five seeds" },
  narrow: { width: 390, height: 844, study: "Wrong labels" },
  projector: { width: 1920, height: 1080, study: "A first look" },
  inside: { width: 1280, height: 900, study: "FashionMNIST", look: "128" },
  "inside-dark": { width: 1280, height: 900, scheme: "dark", study: "A first look", look: "32" },
};

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
for (const [name, { width, height, scheme = "light", study, look }] of Object.entries(VIEWS)) {
  if (asked.length > 0 && !asked.includes(name)) continue;
  const page = await browser.newPage({ viewport: { width, height }, colorScheme: scheme });
  await page.goto(address);
  await page.getByRole("button", { name: study }).click();
  await page.locator(".answer h2").waitFor();
  await page.getByRole("button", { name: "Start" }).click();
  await page.locator(".status[data-state=done]").waitFor({ timeout: 120_000 });
  if (look !== undefined) {
    await page.getByRole("radio", { name: look, exact: true }).click();
    await page.getByRole("heading", { name: /^Confusion/ }).waitFor();
  }
  await page.screenshot({ path: `${OUT}${name}.png`, fullPage: true });
  if (name === "light")
    await page.screenshot({ path: `${SHOWN}lab.jpg`, type: "jpeg", quality: 72 });
  await page.close();
  console.log(`${OUT}${name}.png`);
}
await browser.close();
server.kill();
