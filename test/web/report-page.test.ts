// What one takes away as one page: it opens from a disk, asks nobody for anything, and holds what the page showed.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { promisify } from "node:util";
import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { CHROMIUM, openChromium, WHY_SKIPPED, type Site } from "./support/browser.ts";
import { BIN, openStudy, serveByCommand, shownFingerprints, train } from "./support/lab.ts";

/** It asks for no curves. */
const STUDY = `name: taken
question: Does it come along whole?
dataset: {name: mnist-1d, examples: 60}
model: {hidden: [width], init: he}
training: {learning_rate: 0.02, passes: 4}
sweep: {width: [3, 40]}
streams: {seeds: [0, 1]}
ask: [passes-to-interpolation]
`;

describe.skipIf(CHROMIUM === null)(`the page to take away${WHY_SKIPPED}`, () => {
  let browser: BrowserContext;
  let served: Site;
  let folder: string;
  beforeAll(async () => {
    [browser, served] = await Promise.all([openChromium(), serveByCommand()]);
    folder = mkdtempSync(join(tmpdir(), "widthwise-taken-"));
  });
  afterAll(async () => {
    served.close();
    await browser.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test("opens from a disk and holds answers, curves, fingerprints, study and command", async () => {
    const page = await browser.newPage();
    await openStudy(page, served, STUDY);
    await train(page);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "All of it as one page" }).click();
    const file = join(folder, (await download).suggestedFilename());
    await (await download).saveAs(file);
    const sentences = await page.locator(".answer [aria-live] p").allTextContents();
    const command = await page.locator("details pre").textContent();
    const fingerprints = await shownFingerprints(page);
    const fingerprint = await page.locator(".fingerprint code").textContent();

    const taken = await browser.newPage();
    await taken.setViewportSize({ width: 1280, height: 900 });
    const asked: string[] = [];
    taken.on("request", (request) => asked.push(request.url()));
    const address = pathToFileURL(file).href;
    await taken.goto(address);
    expect(asked).toEqual([address]);
    expect(await taken.locator("script:not([type='application/json'])").count()).toBe(0);
    const text = (await taken.locator("main").textContent()) ?? "";
    expect(sentences.length).toBeGreaterThan(0);
    for (const told of [...sentences, command, fingerprint, "sweep:"]) expect(text).toContain(told);
    const figures = await taken.locator("figure figcaption").allTextContents();
    expect(figures.join("\n")).toMatch(/passes to interpolation/i);
    const curves = taken.locator("#curves figure .wide svg").first();
    expect(await curves.isVisible()).toBe(true);
    const drawn = (await curves.textContent()) ?? "";
    for (const title of ["training loss", "test loss", "training accuracy", "test accuracy"])
      expect(drawn.toLowerCase()).toContain(title);
    const html = readFileSync(file, "utf8");
    for (const one of fingerprints) expect(html).toContain(one);

    // It is a report like the command line's: what it claims can be trained again.
    const { stdout } = await promisify(execFile)(process.execPath, [BIN, "verify", file, "--all"]);
    expect(stdout).toBe("4 of 4 trials match to the bit\n");
  });
});
