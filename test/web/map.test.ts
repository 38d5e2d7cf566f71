// The map in a browser: its cells have the command line's bits, it is zoomed by dragging, and history leads back out.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { beforeAll, describe, expect, test } from "vitest";
import { seriousIn } from "./support/axe.ts";
import { CHROMIUM, WHY_SKIPPED, type Site } from "./support/browser.ts";
import {
  fingerprintsOf,
  linkTo,
  openStudy,
  serveByCommand,
  serveStatic,
  stateIs,
  train,
} from "./support/lab.ts";
import { openPages } from "./support/pages.ts";

/** Rounds on an integer axis, two seeds, and rates that diverge. */
const STUDY = `name: small-map
question: Which widths and rates train?
dataset: {name: gaussian-clusters, inputs: 8, classes: 2, separation: 0, train: 40, test: 10}
model: {hidden: [width], activation: tanh, init: lecun}
training: {objective: squared error, batch: full, passes: 30}
evaluate: {every: 30}
sweep:
  width: {from: 2, to: 8, points: 3}
  training.learning_rate: {from: 0.01, to: 300, points: 5, scale: log}
streams: {seeds: [0, 1]}
ask: [{name: map, of: trainable, refine: 1}]
`;

describe.skipIf(CHROMIUM === null)(`the map${WHY_SKIPPED}`, () => {
  let served: Site;
  let page: Page;
  let known: Awaited<ReturnType<typeof fingerprintsOf>>;

  beforeAll(async () => {
    known = await fingerprintsOf(STUDY);
  });
  openPages(serveByCommand, (opened) => {
    ({ site: served, page } = opened);
  });

  const ground = () => page.locator(".map-ground");
  const panel = () => page.locator(".map-cell");
  const trained = async () => /\d+/.exec((await page.locator(".status").textContent()) ?? "")?.[0];

  /** What the panel says of the cell that is looked at. */
  async function cell(): Promise<{ point: string; answer: string; fingerprints: string[] }> {
    const [width, rate, answer, ...elsewhere] = await panel().locator("dd").allTextContents();
    const [w, r] = elsewhere.length === 0 ? [width, rate] : elsewhere[0].split(", ");
    const codes = panel().locator(".map-trials code");
    const titles = await codes.evaluateAll((all) => all.map((one) => one.getAttribute("title")));
    return {
      point: `width=${w},training.learning_rate=${r}`,
      answer,
      fingerprints: titles.map(String),
    };
  }

  async function drag(from: readonly [number, number], to: readonly [number, number]) {
    await ground().scrollIntoViewIfNeeded();
    const box = await ground().boundingBox();
    if (box === null) throw new Error("no ground");
    const at = ([across, up]: readonly [number, number]) =>
      [box.x + across * box.width, box.y + (1 - up) * box.height] as const;
    await page.mouse.move(...at(from));
    await page.mouse.down();
    await page.mouse.move(...at(to), { steps: 3 });
    await page.mouse.up();
  }

  test.each([true, false])(
    "every cell has the command line's fingerprints, shared memory: %s",
    async (isShared) => {
      const site = isShared ? served : await serveStatic();
      await openStudy(page, site, STUDY);
      await train(page);
      expect(await page.locator(".fingerprint code").textContent()).toBe(known.fingerprint);
      expect(await trained()).toBe(String(Object.keys(known.fingerprints).length));
      await ground().focus();
      const seen = new Set<string>();
      for (const key of [
        "ArrowUp",
        ...Array<string>(3).fill("ArrowLeft"),
        ...Array<string>(9).fill("ArrowDown"),
      ]) {
        // prettier-ignore
        await page.keyboard.press(key);
        const { point, fingerprints, answer } = await cell();
        expect(fingerprints).toEqual(known.fingerprints[point]);
        seen.add(answer);
      }
      expect(seen.size).toBeGreaterThan(1);
      if (!isShared) site.close();
    },
  );

  test("a cell that is chosen is verified, has its curve, and a command that gives the same", async () => {
    await openStudy(page, served, STUDY);
    await train(page);
    await ground().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await panel().getByRole("button", { name: "verify seed 1" }).click();
    await panel().getByText("the same, to the bit").waitFor();
    const curve = panel().getByRole("img");
    expect(await curve.getAttribute("aria-label")).toMatch(/after 30 passes$/);
    const { point, fingerprints } = await cell();
    const command = (await panel().locator("pre").textContent()) ?? "";
    const folder = mkdtempSync(join(tmpdir(), "widthwise-map-"));
    try {
      const bin = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));
      const options = `--out ${folder}/out --store ${folder}/store.db --json`;
      const line = command.replace(
        "widthwise run",
        `"${process.execPath}" "${bin}" run ${options}`,
      );
      const { stdout } = await promisify(execFile)("/bin/sh", ["-c", line]);
      expect((JSON.parse(stdout) as typeof known).fingerprints).toEqual({ [point]: fingerprints });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  test("a part that is dragged over is a study of its own, and going back comes out again", async () => {
    await openStudy(page, served, STUDY);
    await train(page);
    const before = { url: page.url(), trained: await trained() };
    const answer = await page.locator(".map .answer").textContent();
    await drag([0.3, 0.35], [0.9, 0.8]);
    await page.waitForURL((url) => url.href !== before.url);
    await stateIs(page, "done");
    const { searchParams } = new URL(`http://x/?${new URL(page.url()).hash.slice(1)}`);
    const text = searchParams.get("study") ?? "";
    const ends = [...text.matchAll(/from: ([\d.]+), to: ([\d.]+), points: (\d)/g)];
    const [width, rate] = ends.map(([, ...numbers]) => numbers.map(Number));
    expect(width).toEqual([4, 8, 3]);
    expect(rate[0]).toBeGreaterThan(0.01);
    expect(rate[1]).toBeLessThan(300);
    expect(rate[2]).toBe(5);
    const fields = page.getByLabel("from");
    expect(await fields.nth(1).inputValue()).toBe(String(rate[0]));
    expect(await page.locator(".fingerprint code").textContent()).toBe(
      (await fingerprintsOf(text)).fingerprint,
    );
    await page.getByRole("button", { name: "Back out" }).click();
    await page.waitForURL(before.url);
    await stateIs(page, "done");
    await expect.poll(trained).toBe(before.trained);
    expect(await page.locator(".map .answer").textContent()).toBe(answer);
    await page.goForward();
    await expect.poll(() => fields.nth(1).inputValue()).toBe(String(rate[0]));
    await stateIs(page, "done");
    expect(await page.locator(".fingerprint code").textContent()).not.toBe(known.fingerprint);
  });

  test("the chosen cell is in the address, of the part that is shown, and no step of history", async () => {
    await openStudy(page, served, STUDY);
    await ground().waitFor();
    const steps = await page.evaluate(() => history.length);
    await ground().focus();
    for (const key of ["ArrowUp", "ArrowLeft", "Enter", "ArrowDown", "Enter", "ArrowLeft"])
      await page.keyboard.press(key);
    await page.waitForURL(/&cell=2-5$/);
    expect(await page.evaluate(() => history.length)).toBe(steps);
    await train(page);
    await panel().getByRole("heading", { name: "The chosen cell" }).waitFor();
    await panel().getByRole("img").waitFor();
    const [shown, url] = [await cell(), page.url()];
    expect(shown.fingerprints).toEqual(known.fingerprints[shown.point]);

    const other = await page.context().newPage();
    await other.goto(url);
    await other.getByRole("heading", { name: "The chosen cell" }).waitFor();
    expect(await other.locator(".map-cell dd").last().textContent()).toBe("not trained yet");
    await train(other);
    await other.locator(".map-cell").getByRole("img").waitFor();
    expect(await other.locator(".map-trials code").first().getAttribute("title")).toBe(
      shown.fingerprints[0],
    );
    // Of what no map has, none is chosen.
    await other.goto(url.replace("cell=2-5", "cell=6-5"));
    await other.getByRole("heading", { name: "A cell", exact: true }).waitFor();
    await other.close();

    await page.getByRole("button", { name: "Zoom in" }).click();
    await page.waitForURL((at) => at.href !== url);
    await panel().getByRole("heading", { name: "A cell", exact: true }).waitFor();
    expect(page.url()).not.toContain("cell=");
    await page.goBack();
    await panel().getByRole("heading", { name: "The chosen cell" }).waitFor();
    await panel().getByRole("img").waitFor();
    expect([await cell(), page.url()]).toEqual([shown, url]);
    await ground().focus();
    await page.keyboard.press("Escape");
    await panel().getByRole("heading", { name: "A cell", exact: true }).waitFor();
    await page.waitForURL(({ href }) => href === url.replace("&cell=2-5", ""));
  });

  test("half-way it is taken away as far as it is by then", async () => {
    await openStudy(page, served, STUDY.replace("passes: 30}", "passes: 3000}").replace("refine: 1", "refine: 5")); // prettier-ignore
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByText(/trials of this round, [1-9]/).waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await stateIs(page, "paused");
    const cells = Number(await trained());
    const taken = async (name: string) => {
      const [download] = await Promise.all([
        page.waitForEvent("download"),
        page.getByRole("button", { name, exact: true }).click(),
      ]);
      return readFileSync(await download.path(), "utf8");
    };
    const html = await taken("All of it as one page");
    expect(html).toContain(`cells shown ${cells} were trained so far, and the map is not finished`);
    expect(html).toContain("fingerprint of the trials so far");
    const csv = (await taken("Trajectories as CSV")).trim().split("\n").slice(1);
    const rows = csv.map((line) => line.split(","));
    const trials = new Set(rows.map((row) => [row[0], row[1], row.at(-1)].join()));
    expect(trials.size).toBe(2 * cells);
    expect(await taken("Figures as SVG")).toContain("<svg");
    expect(await taken("Study as a file")).toContain("refine: 5");
  });

  test("a link shows a map and starts nothing; what it shows and how fine is in the form", async () => {
    await page.goto(linkTo(served, STUDY));
    await ground().waitFor();
    expect(await page.locator(".status").textContent()).toBe("Nothing is trained yet.");
    expect(await page.locator("#map-summary").textContent()).toBe(
      "A map of 5 × 9 cells over hidden width from 2 to 8 and learning rate from 0.01 to 300 (logarithmic), of which nothing is trained yet.",
    );
    await page.getByLabel("refine").selectOption("2");
    await page.getByText("A map of 9 × 17 cells").waitFor();
    await page.getByLabel("of", { exact: true }).selectOption("train_loss");
    await page.getByLabel("Colours").getByText("training loss").waitFor();
    await expect
      .poll(() => new URLSearchParams(new URL(page.url()).hash.slice(1)).get("study"))
      .toContain("ask: [{name: map, of: train_loss, refine: 2}]");
  });

  test("Start shows every cell, however soon after another study it is clicked", async () => {
    await page.goto(served.address);
    await page.locator(".answer h2").waitFor();
    await page.evaluate(
      async (hash) => {
        const isThere = new Promise((resolve) => {
          addEventListener("hashchange", resolve, { once: true });
        });
        location.hash = hash;
        await isThere;
        document.querySelector<HTMLButtonElement>("button.main")?.click();
      },
      new URLSearchParams({ study: STUDY }).toString(),
    );
    await stateIs(page, "done");
    expect(await trained()).toBe(String(Object.keys(known.fingerprints).length));
  });

  test("axe finds nothing serious, light or dark", async () => {
    await openStudy(page, served, STUDY);
    await train(page);
    await ground().click({ position: { x: 40, y: 40 } });
    await panel().getByRole("img").waitFor();
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await seriousIn(page)).toEqual([]);
    }
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.locator("html").evaluate(({ scrollWidth }) => scrollWidth)).toBe(390);
  });

  test("where less motion is wanted, the picture changes once a second", async () => {
    await page.emulateMedia({ reducedMotion: "reduce" });
    await page.addInitScript(() => {
      const context = CanvasRenderingContext2D.prototype;
      const put = Reflect.get(context, "putImageData") as (...args: unknown[]) => void;
      const times: number[] = [];
      Object.assign(globalThis, { times });
      Reflect.set(context, "putImageData", function (this: unknown, ...args: unknown[]) {
        times.push(performance.now());
        Reflect.apply(put, this, args);
      });
    });
    await openStudy(page, served, STUDY.replace("passes: 30", "passes: 3000"));
    await train(page);
    const times = await page.evaluate(() => (globalThis as unknown as { times: number[] }).times);
    // Two begin maps, and frames are late: without it there are some twenty a second.
    const seconds = (Math.max(...times) - Math.min(...times)) / 1000;
    expect(times.length - 3).toBeLessThanOrEqual(2 * seconds);
  });
});
