// The lab where less is there than it could use: no data set beside it, no vectors, one core, a narrow screen.

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { seriousIn } from "./support/axe.ts";
import { CHROMIUM, WHY_SKIPPED, type Site } from "./support/browser.ts";
import { fingerprintsOf, openStudy, serveStatic, shownFingerprints, train } from "./support/lab.ts";
import { openPages } from "./support/pages.ts";

const STUDY = `name: lean
question: What is left to do with less?
dataset: {name: mnist-1d, examples: 100}
model: {hidden: [width], init: he}
training: {learning_rate: eta_star / 2, passes: 3}
search: {width: 9, factor: 0.95}
sweep: {width: [3, 9]}
`;

describe.skipIf(CHROMIUM === null)(`the lab with less${WHY_SKIPPED}`, () => {
  let site: Site;
  let page: Page;
  openPages(serveStatic, (opened) => {
    ({ site, page } = opened);
  });

  test("of data sets whose files do not lie beside the page none is offered", async () => {
    await openStudy(page, site, STUDY);
    const names = page.getByLabel("name", { exact: true });
    await names.locator("option", { hasText: "teacher" }).waitFor({ state: "attached" });
    expect((await names.locator("option").allTextContents()).toSorted()).toEqual([
      "gaussian-clusters",
      "mnist-1d",
      "modular-addition",
      "teacher",
    ]);
    const presets = page.getByRole("navigation", { name: "Studies to begin with" });
    expect(await presets.getByRole("button", { name: "A first look" }).count()).toBe(1);
    expect(await presets.getByRole("button", { name: "The homework, small" }).count()).toBe(0);
  });

  test.each([
    ["validate", "WebAssembly.validate = () => false"],
    ["WebAssembly", "delete globalThis.WebAssembly"],
  ])("without vectors one sentence says so (%s)", async (_, script) => {
    await page.addInitScript(script);
    await page.goto(site.address);
    expect(await page.locator("body").textContent()).toMatch(
      /^\s*This browser has no WebAssembly SIMD, which the kernel needs: use Chrome 91, Firefox 89, Safari 16\.4 or a later one\.\s*$/,
    );
  });

  test("on one core, without isolation, it trains to the same bits, and tells the search", async () => {
    await page.route("**/study-worker.js", async (route) => {
      const response = await route.fetch();
      const one = "Object.defineProperty(navigator, 'hardwareConcurrency', { value: 1 });";
      await route.fulfill({ response, body: one + (await response.text()) });
    });
    await openStudy(page, site, STUDY);
    await train(page);
    const { fingerprints, eta_star } = await fingerprintsOf(STUDY);
    expect(await shownFingerprints(page)).toEqual(Object.values(fingerprints));
    expect(await page.locator("footer").textContent()).toContain(
      "One worker trains, on memory of its own.",
    );
    expect(await page.locator(".search .best th").textContent()).toBe(`${eta_star} = η*`);
    const rows = await page.locator(".search tbody tr").allTextContents();
    expect(rows.at(-1)).toMatch(/diverges$/);
    expect(rows.find((row) => row.includes("η*"))).toMatch(/converges$/);
  });

  test("on a phone Start is at hand wherever the form is, and nothing is cut off", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    await openStudy(page, site, STUDY);
    await page.getByText("Change the study").click();
    for (const field of ["examples", "seeds"]) {
      await page.getByLabel(field, { exact: true }).scrollIntoViewIfNeeded();
      await page.getByLabel(field, { exact: true }).click();
      await page.getByRole("button", { name: "Start" }).click({ trial: true });
      const box = await page.getByRole("button", { name: "Start" }).boundingBox();
      expect(box?.y).toBeLessThan(844 - (box?.height ?? 0));
    }
    await train(page);
    expect(await page.getByLabel("examples", { exact: true }).isVisible()).toBe(false);
    expect(await page.locator(".curves").isVisible()).toBe(true);
    await expect.poll(() => page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    expect(await seriousIn(page)).toEqual([]);
  });
});
