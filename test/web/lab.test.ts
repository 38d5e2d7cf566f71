// The lab in a browser: its trainings have the command line's bits, and its page does what it says.

import { readFileSync } from "node:fs";
import type { BrowserContext, Download, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { seriousIn } from "./support/axe.ts";
import { passes } from "../../src/web/view/words.ts";
import { CHROMIUM, WHY_SKIPPED, type Site } from "./support/browser.ts";
import {
  fingerprintsOf,
  openStudy,
  putsOf,
  serveByCommand,
  serveStatic,
  shownFingerprints,
  stateIs,
  train,
} from "./support/lab.ts";
import { openPages } from "./support/pages.ts";

const STUDY = `name: small
question: Does the page train as the command line does?
dataset: {name: mnist-1d, examples: 200, label_noise: 0.1}
model: {hidden: [width], init: he}
training: {learning_rate: eta_star / 2, passes: 8}
search: {width: 9, factor: 0.95}
sweep: {width: [3, 9]}
streams: {seeds: [0, 3]}
`;

const HOMEWORK = `name: homework-small
question: Which width interpolates?
dataset: {name: fashion-mnist, examples: 240}
model: {hidden: [width], init_std: 1.0e-6}
training: {learning_rate: 0.005, passes: 2}
sweep: {width: [8, 32]}
streams: {kind: notebook, numpy_seed: 1, torch_seed: 0}
`;

/** The widest learns all by heart within ten passes, with either seed; the others do not. */
const BY_HEART = `name: by-heart
question: Which width learns by heart?
dataset: {name: mnist-1d, examples: 60}
model: {hidden: [width], init: he}
training: {learning_rate: 0.03, passes: 40}
sweep: {width: [2, 6, 40]}
streams: {seeds: [0, 3]}
`;

/** Takes minutes, so that there is time to interrupt it. */
const LONG = STUDY.replace("eta_star / 2", "0.02")
  .replace("passes: 8", "passes: 20000")
  .replace("[0, 3]", "[0]");

describe.skipIf(CHROMIUM === null)(`the lab${WHY_SKIPPED}`, () => {
  let browser: BrowserContext;
  let served: Site;
  let page: Page;

  openPages(serveByCommand, (opened) => {
    ({ browser, site: served, page } = opened);
  });

  test("trains to the command line's bits, on shared memory", async () => {
    await openStudy(page, served, STUDY);
    await train(page);
    const { fingerprint, fingerprints } = await fingerprintsOf(STUDY);
    expect(await shownFingerprints(page)).toEqual(Object.values(fingerprints).flat());
    expect(await page.locator(".fingerprint code").textContent()).toBe(fingerprint);
    expect(await page.locator("footer").textContent()).toContain("on shared memory");
    await page.getByRole("button", { name: "verify width 9 seed 3" }).click();
    await page.getByText("the same, to the bit").waitFor();
    expect(await page.getByRole("button", { name: "Go on" }).count()).toBe(0);
    expect(await page.getByRole("button", { name: "Done" }).isDisabled()).toBe(true);
    await page.evaluate(() => {
      Object.defineProperty(navigator, "clipboard", { value: undefined });
    });
    await page.getByRole("button", { name: "Copy the link" }).click();
    await page.getByRole("button", { name: "It is in the address bar" }).waitFor();
  });

  test("and where memory cannot be shared", async () => {
    const site = await serveStatic();
    try {
      await openStudy(page, site, STUDY);
      await train(page);
      const { fingerprints } = await fingerprintsOf(STUDY);
      expect(await shownFingerprints(page)).toEqual(Object.values(fingerprints).flat());
      expect(await page.locator("footer").textContent()).toContain("on memory of its own");
    } finally {
      site.close();
    }
  });

  test("trains the homework's data and streams, where FashionMNIST is on this machine", async ({
    skip,
  }) => {
    const files = `${served.address}fashion-mnist/train-labels-idx1-ubyte.gz`;
    if (!(await fetch(files, { method: "HEAD" })).ok) skip("FashionMNIST is not on this machine");
    await openStudy(page, served, HOMEWORK);
    await train(page);
    const { fingerprints } = await fingerprintsOf(HOMEWORK);
    expect(await shownFingerprints(page)).toEqual(Object.values(fingerprints));
  });

  test("pauses, goes on, makes single passes and goes back, and comes to the same bits", async () => {
    const pass = page.locator(".pass output");
    await openStudy(page, served, STUDY);
    for (const done of ["1", "2"]) {
      await page.getByRole("button", { name: "One pass" }).click();
      await stateIs(page, "paused");
      await page.getByRole("heading", { name: `After ${done} pass` }).waitFor();
    }
    const values = () => page.locator(".numbers").first().textContent();
    const after = await values();
    await train(page);
    expect(await pass.textContent()).toBe("8");
    const ends = await shownFingerprints(page);
    const [newest, steps] = [await values(), await page.evaluate(() => history.length)];
    // A pointer on any of the curves tells all values there, whatever it has passed on its way.
    for (const curve of await page.locator(".curves .u-over").all()) {
      const { width, height } = (await curve.boundingBox()) ?? { width: 0, height: 0 };
      const hover = (pass: number) =>
        curve.hover({ position: { x: (pass / 8) * width, y: height / 2 } });
      const puts = await putsOf(page, async () => {
        await hover(7);
        // Without rest, however slow the machine is.
        await curve.evaluate((over) => {
          const { left, top, width } = over.getBoundingClientRect();
          for (const pass of [6, 5, 4, 3, 2])
            over.dispatchEvent(
              new MouseEvent("mousemove", { clientX: left + (pass / 8) * width, clientY: top + 9 }),
            );
        });
        await page.getByRole("heading", { name: "After 2 passes" }).waitFor();
        await page.waitForURL(/&pass=2$/);
      });
      expect(puts).toBeLessThan(3);
      const numbers = (text: string | null) => text?.match(/\d\.\d\d+/g)?.slice(0, 4);
      expect(numbers(await values())).toEqual(numbers(after));
      await hover(7.9);
      await page.getByRole("heading", { name: "After 8 passes" }).waitFor();
      expect(await values()).toBe(newest);
    }
    await page.getByRole("slider").fill("2");
    await page.getByRole("radio", { name: "9", exact: true }).click();
    const inside = "This is the network after 2 passes of seed 0, to the bit that of the curve";
    await page.getByText(inside).waitFor();
    await page.getByRole("tab", { name: "YAML" }).click();
    await page.waitForURL(/&tab=yaml&pass=2&inside=9$/);
    expect(await page.evaluate(() => history.length)).toBe(steps);

    const other = await browser.newPage();
    await other.goto(page.url());
    await other.getByRole("tab", { name: "YAML", selected: true }).waitFor();
    expect(await other.locator(".status").textContent()).toBe("Nothing is trained yet.");
    await train(other);
    await other.getByText(inside).waitFor();
    expect(await other.locator(".pass output").textContent()).toBe("2");
    expect(await shownFingerprints(other)).toEqual(ends);
    await other.close();

    await page.getByRole("button", { name: "Reset" }).click();
    await page.waitForURL(/&tab=yaml$/);
    await stateIs(page, "idle");
    await train(page);
    expect(await shownFingerprints(page)).toEqual(ends);
  });

  test("a pause keeps what is trained, and reset does not", async () => {
    await openStudy(page, served, LONG);
    await page.getByRole("button", { name: "Start" }).click();
    await page.locator(".legend li").first().waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await stateIs(page, "paused");
    const reached = Number(await page.locator(".pass output").textContent());
    await page.getByRole("button", { name: "Go on" }).click();
    await expect
      .poll(async () => Number(await page.locator(".pass output").textContent()))
      .toBeGreaterThan(reached);
    await page.getByRole("button", { name: "Pause" }).click();
    await stateIs(page, "paused");
    await page.getByRole("button", { name: "Reset" }).click();
    await stateIs(page, "idle");
    expect(await page.locator(".legend li").count()).toBe(0);
  });

  test("a worker that ends by itself is told of and replaced, and changes no bit", async () => {
    const study = LONG.replace("passes: 20000", "passes: 3000");
    await openStudy(page, served, study);
    await page.getByRole("button", { name: "Start" }).click();
    await page.locator(".legend li").first().waitFor();
    const [worker] = page.workers().filter((one) => one.url().includes("kernel-worker"));
    worker.evaluate("setTimeout(close)").catch(() => undefined);
    await page.getByText("another one has taken its place").waitFor();
    await stateIs(page, "done");
    const { fingerprints } = await fingerprintsOf(study);
    expect(await shownFingerprints(page)).toEqual(Object.values(fingerprints));
  });

  test("the study's worker, too: it is trained from its beginning, or by whoever starts it", async () => {
    const end = (how: string) => {
      const worker = page.workers().find((one) => one.url().includes("study-worker"));
      worker?.evaluate(`setTimeout(() => { ${how} })`).catch(() => undefined);
    };
    await openStudy(page, served, BY_HEART.replace("passes: 40", "passes: 2000"));
    await page.getByRole("button", { name: "Start" }).click();
    await page.getByRole("radio", { name: "40", exact: true }).click();
    end("close()");
    await page
      .getByText(
        /^The lab’s worker stopped; another one has taken its place, and trains the study from its beginning/,
      )
      .waitFor();
    await page.getByRole("button", { name: "Pause" }).click();
    await stateIs(page, "paused");
    end("throw new Error('on purpose')");
    await page
      .getByText(/^The lab’s worker stopped \(.*on purpose\); .* Start trains it again/)
      .waitFor();
    expect(await page.locator(".status").textContent()).toBe("Nothing is trained yet.");
    await page.getByLabel("passes").fill("40");
    await train(page);
    const { fingerprints } = await fingerprintsOf(BY_HEART);
    const ends = Object.values(fingerprints).flat();
    expect(await shownFingerprints(page)).toEqual(ends);
    end("close()");
    await page.getByText(/^The lab’s worker stopped; /).waitFor();
    await stateIs(page, "done");
    expect(await shownFingerprints(page)).toEqual(ends);
  });

  test("what learns all by heart is told of at once, and of the rest how far it seems; figures are taken as pictures", async () => {
    await openStudy(page, served, BY_HEART);
    for (let pass = 1; pass <= 9; pass++) {
      await page.getByRole("button", { name: "One pass" }).click();
      await page.getByRole("heading", { name: `After ${passes(pass)}, medians` }).waitFor();
      await stateIs(page, "paused");
    }
    expect(await page.locator(".answer [aria-live=polite] p").allTextContents()).toEqual([
      "Width 40, seed 0, interpolates after 8 passes.",
      "Width 40, seed 3, interpolates after 9 passes.",
    ]);
    await train(page);
    const chart = page.getByRole("img", { name: /^width 2: / });
    expect(await chart.getAttribute("aria-label")).toBe(
      "width 2: 0 of 2, not yet; width 6: 0 of 2, not yet; width 40: 2 of 2, after 8.5 passes",
    );
    // By a line through the logarithms of the last half's misses: 1274, beyond five times what was asked, and 70.8.
    expect(await chart.locator(".far").allTextContents()).toEqual(["far", "≈ 71", ""]);
    await page.getByText("“far” is beyond 200 passes").waitFor();

    const taken = async (name: string) => {
      const downloads: Download[] = [];
      page.on("download", (download) => downloads.push(download));
      await page.getByRole("button", { name }).click();
      await expect.poll(() => downloads.length, { timeout: 15_000 }).toBe(2);
      page.removeAllListeners("download");
      const files = downloads.map(
        async (one) => [one.suggestedFilename(), readFileSync(await one.path())] as const,
      );
      return Promise.all(files);
    };
    const drawings = new Map(await taken("Figures as SVG"));
    for (const [name, bytes] of await taken("as PNG")) {
      expect(bytes.subarray(0, 8).toString("latin1")).toBe("\x89PNG\r\n\x1a\n");
      const svg = drawings.get(name.replace(".png", ".svg"))?.toString() ?? "";
      const [, width, height] = /^<svg [^>]*width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
      expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([2 * Number(width), 2 * Number(height)]); // prettier-ignore
    }
  });

  test("edits that come before the first of them is read are all made", async () => {
    await openStudy(page, served, STUDY.replace("[3, 9]", "[3, 9, 27, 81]"));
    const widths = page.getByRole("list", { name: "widths" });
    await widths.evaluate((list) => {
      for (const chip of [...list.querySelectorAll("button")].slice(1, 3)) chip.click();
    });
    for (const width of [9, 27])
      await page.getByRole("button", { name: `take out width ${width}` }).waitFor({ state: "detached" }); // prettier-ignore
    expect(await widths.getByRole("button").allTextContents()).toEqual(["3 ×", "81 ×"]);
  });

  test("form and file say the same, and a mistake is told as the command line tells it", async () => {
    await openStudy(page, served, STUDY);
    const described = async (field: string) => {
      const input = page.getByLabel(field, { exact: true });
      const id = await input.getAttribute("aria-describedby");
      return [
        await input.getAttribute("aria-invalid"),
        await page.locator(`[id="${id ?? ""}"]`).textContent(),
      ];
    };
    const yaml = async () => {
      await page.getByRole("tab", { name: "YAML" }).click();
      const text = await page.getByLabel("The study’s file").inputValue();
      await page.getByRole("tab", { name: "Study" }).click();
      return text;
    };
    await page.getByLabel("passes").fill("12");
    await page.getByLabel("seeds").fill("4");
    await page.getByRole("button", { name: "take out width 3" }).press("Enter");
    await expect
      .poll(() =>
        page.getByLabel("width", { exact: true }).evaluate((one) => one === document.activeElement),
      )
      .toBe(true);
    await page.keyboard.type("40");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "take out width 40" }).waitFor();
    const text = await yaml();
    expect(text).toContain("passes: 12");
    expect(text).toMatch(/seeds: \[ ?4 ?\]/);
    expect(text).toContain("width: [9, 40]");
    expect(text).toContain("label_noise: 0.1");

    await page.getByRole("tab", { name: "YAML" }).click();
    await page
      .getByLabel("The study’s file")
      .fill(text.replace("passes: 12", "passes: many").replace("examples: 200", "examples: few"));
    await page.getByRole("alert").waitFor();
    const told = await page.getByRole("alert").textContent();
    expect(told).toMatch(/^study\.yaml:\d+:\d+ dataset\.examples: expected .*, got "few"/);
    await page.getByRole("tab", { name: "Study" }).click();
    for (const [field, got] of [
      ["passes", /^training\.passes: expected .*, got "many"/],
      ["examples", /^dataset\.examples: expected .*, got "few"/],
    ] as const)
      await expect
        .poll(() => described(field), { timeout: 20_000 })
        .toEqual(["true", expect.stringMatching(got)]);
    expect(await page.getByLabel("label_noise").getAttribute("aria-invalid")).toBe("false");
    expect(await page.getByRole("button", { name: "Start" }).isDisabled()).toBe(true);
    await page.getByLabel("passes").fill("5");
    await page.getByLabel("examples").fill("200");
    await page.getByRole("alert").waitFor({ state: "detached" });
  });

  test("a range of widths is a chip, which a width that is added does not replace", async () => {
    const range = "width: {from: 3, to: 27, points: 3, scale: log}";
    await openStudy(page, served, STUDY.replace("width: [3, 9]", range));
    const chip = page.getByRole("button", { name: "take out width from 3, to 27, points 3" });
    await chip.waitFor();
    expect(await page.getByLabel("width", { exact: true }).isDisabled()).toBe(true);
    await chip.click();
    await page.getByRole("alert").waitFor();
    await page.getByLabel("width", { exact: true }).fill("5");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "take out width 5" }).waitFor();
    await page.getByRole("alert").waitFor({ state: "detached" });
  });

  test("axe finds nothing serious, light or dark", async () => {
    await openStudy(page, served, STUDY);
    await train(page);
    await page.getByRole("radio", { name: "9", exact: true }).click();
    await page.getByRole("heading", { name: /^Confusion/ }).waitFor();
    expect(await page.locator(".four .expected").count()).toBe(0);
    for (const colorScheme of ["light", "dark"] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await seriousIn(page)).toEqual([]);
    }
    // On a phone the table scrolls, by keyboard, too, and has a mark that it does.
    await page.setViewportSize({ width: 390, height: 844 });
    const values = page.getByRole("region", { name: "After 8 passes" }).locator(".scroll");
    const hidden = () => values.evaluate((one) => one.scrollWidth - one.clientWidth);
    await expect.poll(hidden).toBeGreaterThan(50);
    await values.press("ArrowRight");
    await expect.poll(() => values.evaluate((one) => one.scrollLeft)).toBeGreaterThan(0);
    expect(await values.evaluate((one) => getComputedStyle(one).backgroundImage)).toMatch(
      /(linear-gradient.*){4}/,
    );
  });
});
