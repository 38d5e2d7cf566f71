// Takes pictures of the lab's views: `npm run screenshots` puts whole pages into runs/lab, and of those that the documentation
// shows what is on the screen into docs/lab, small; names of views after it take those alone. Needs a build, Chromium, and
// FashionMNIST on this machine.

import { spawn } from "node:child_process";
import console from "node:console";
import { once } from "node:events";
import { Buffer } from "node:buffer";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

/** @typedef {import("playwright-core").Page} Page */

const path = (/** @type {string} */ to) => fileURLToPath(new URL(to, import.meta.url));
const OUT = path("../../runs/lab/");
const SHOWN = path("../../docs/lab/");

/** Milliseconds after which a view is taken, or given up, as it is. */
const LONGEST = 90_000;

const WINDOW = { width: 1280, height: 1080 };
const PHONE = { width: 390, height: 844 };
const PROJECTOR = { width: 1920, height: 1080 };

/** `shown` in the documentation: the screen from this part of the page on, or this part `alone`. @type {Record<string, { size: { width: number; height: number }; dark?: true; study?: string; look?: string; cells?: number; tab?: string; shown?: string; alone?: true }>} */
const VIEWS = {
  light: { size: WINDOW, study: "The homework, small", shown: "header" },
  dark: { size: WINDOW, dark: true, study: "Five seeds" },
  narrow: { size: PHONE, study: "Wrong labels", shown: "header" },
  projector: { size: PROJECTOR, study: "A first look", shown: ".curves" },
  inside: { size: WINDOW, study: "A first look", look: "32" },
  "inside-dark": {
    size: WINDOW,
    dark: true,
    study: "The homework, small",
    look: "32",
    shown: ".inside",
    alone: true,
  },
  map: { size: WINDOW, study: "A map", cells: 1200, shown: ".map", alone: true },
  "map-dark": { size: WINDOW, dark: true, study: "A map", cells: 300 },
  "map-narrow": { size: PHONE, study: "A map", cells: 300 },
  "map-projector": { size: PROJECTOR, study: "A map", cells: 300 },
  stored: { size: WINDOW, tab: "Stored", shown: "header" },
  "stored-dark": { size: WINDOW, dark: true, tab: "Stored" },
  "stored-narrow": { size: PHONE, tab: "Stored" },
  claims: { size: WINDOW, tab: "Claims" },
};

/** A map takes minutes: until so many of its cells are trained, and then a look at one of them. @param {Page} page @param {number} cells */
async function lookAtMap(page, cells) {
  await page
    .waitForFunction(
      (cells) => {
        const status = globalThis.document.querySelector(".status");
        return Number(/(\d+) cells/.exec(status?.textContent ?? "")?.[1] ?? 0) >= cells;
      },
      cells,
      { polling: 250 },
    )
    .catch(() => {
      console.error(`fewer than ${cells} cells are trained by now; the picture has those`);
    });
  await page.getByRole("button", { name: "Pause" }).click();
  await page.locator(".status[data-state=paused]").waitFor();
  const ground = page.locator(".map-ground");
  await ground.scrollIntoViewIfNeeded();
  const { width } = (await ground.boundingBox()) ?? { width: 0 };
  await ground.click({ position: { x: 0.86 * width, y: 0.42 * width } });
  await page.locator(".map-curve svg").waitFor();
  await page.mouse.move(0, 0);
}

/** Two studies that the server trains, for lists. @param {Page} page */
async function fillStore(page) {
  for (const study of ["A first look", "Wrong labels"]) {
    await page.goto(address);
    await page.getByRole("button", { name: study }).click();
    await page.getByRole("button", { name: "Train on the server" }).click();
    await page.locator(".status[data-place=server][data-state=done]").waitFor();
  }
}

/** @param {Page} page @param {string} tab */
async function lookAtStore(page, tab) {
  const fold = page.getByText("Change the study");
  if (await fold.isVisible()) await fold.click();
  await page.getByRole("tab", { name: tab }).click();
  if (tab === "Claims") {
    await page.locator(".entry").first().waitFor();
    return;
  }
  await page.getByRole("button", { name: "first-look", exact: true }).click();
  await page.locator(".status[data-place=server]").waitFor();
  if (await fold.isVisible()) await fold.click();
  await page.getByRole("checkbox", { name: "lay wrong-labels over" }).click();
  await page.getByRole("list", { name: "Widths of wrong-labels" }).waitFor();
  await page.locator(".entry .short").first().waitFor();
}

/** @param {Page} page @param {(typeof VIEWS)[string]} view */
async function show(page, { study, look, cells, tab }) {
  await page.goto(address);
  await page.locator(".answer h2").waitFor();
  if (tab !== undefined) await lookAtStore(page, tab);
  if (study === undefined) return;
  await page.getByRole("button", { name: study }).click();
  await page.getByRole("button", { name: "Start" }).click();
  if (cells !== undefined) await lookAtMap(page, cells);
  else await page.locator(".status[data-state=done]").waitFor();
  if (look !== undefined) {
    await page.getByRole("radio", { name: look, exact: true }).click();
    await page.getByRole("heading", { name: /^Confusion/ }).waitFor();
  }
}

/** As WebP, a third of the size of a PNG. @param {Page} page @param {string} name @param {(typeof VIEWS)[string]} view */
async function keep(page, name, { shown = "header", alone }) {
  await page.mouse.move(0, 0);
  const part = page.locator(shown);
  await part.evaluate((part) => {
    part.scrollIntoView();
    part.ownerDocument.defaultView?.scrollBy(0, -16);
  });
  const { height = 0 } = page.viewportSize() ?? {};
  const { scrollX, scrollY } = await page.evaluate(() => ({
    scrollX: globalThis.scrollX,
    scrollY: globalThis.scrollY,
  }));
  const box = alone ? await part.boundingBox() : null;
  const clip = box && {
    ...{ x: box.x + scrollX - 16, y: box.y + scrollY - 16, width: box.width + 32, scale: 1 },
    height: Math.min(box.height + 32, height),
  };
  const session = await page.context().newCDPSession(page);
  const asked = { format: /** @type {const} */ ("webp"), quality: 80, ...(clip && { clip }) };
  const { data } = await session.send("Page.captureScreenshot", asked);
  writeFileSync(`${SHOWN}${name}.webp`, Buffer.from(data, "base64"));
}

const kept = mkdtempSync(join(tmpdir(), "widthwise-pictures-"));
const server = spawn(
  process.execPath,
  [path("../../bin/widthwise.js"), "lab", "--no-open", "--port", "0", "--store", "store.db"],
  { cwd: kept, stdio: ["ignore", "pipe", "inherit"] },
);
/** @type {string[]} */
const [address] = await once(createInterface(server.stdout), "line");
const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
try {
  for (const folder of [OUT, SHOWN]) mkdirSync(folder, { recursive: true });
  const asked = process.argv.slice(2);
  const views = Object.entries(VIEWS).filter(
    ([name]) => asked.length === 0 || asked.includes(name),
  );
  let isFilled = false;
  for (const [name, view] of views) {
    const { size, dark } = view;
    const page = await browser.newPage({
      viewport: size,
      colorScheme: dark ? "dark" : "light",
    });
    page.setDefaultTimeout(LONGEST);
    try {
      if (view.tab === "Stored" && !isFilled) await fillStore(page);
      isFilled ||= view.tab === "Stored";
      await show(page, view);
      await page.screenshot({ path: `${OUT}${name}.png`, fullPage: true });
      if (view.shown !== undefined) await keep(page, name, view);
      console.log(`${OUT}${name}.png`);
    } catch (error) {
      console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`);
      process.exitCode = 1;
    } finally {
      await page.close();
    }
  }
} finally {
  await browser.close();
  server.kill();
  rmSync(kept, { recursive: true, force: true });
}
