// What is there on a first visit: the homework at a small size where its images are, else a set that needs no files.

import type { Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { CHROMIUM, WHY_SKIPPED, type Site } from "./support/browser.ts";
import { serveByCommand, serveStatic, stateIs, train } from "./support/lab.ts";
import { openPages } from "./support/pages.ts";

const IMAGES = "fashion-mnist/train-images-idx3-ubyte.gz";

/** Addresses that the page, and what works for it, asks for from now on. */
function askedBy(page: Page): string[] {
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  return asked;
}

const begun = (page: Page) =>
  page
    .getByRole("navigation", { name: "Studies to begin with" })
    .locator("[aria-pressed=true]")
    .textContent();

describe.skipIf(CHROMIUM === null)(`a first visit${WHY_SKIPPED}`, () => {
  let site: Site;
  let page: Page;
  openPages(serveByCommand, (opened) => {
    ({ site, page } = opened);
  });

  test("shows the small homework, gets its images before it is started, and looks into them", async ({
    skip,
  }) => {
    if (!(await fetch(`${site.address}${IMAGES}`, { method: "HEAD" })).ok)
      skip("FashionMNIST is not on this machine");
    const asked = askedBy(page);
    await page.goto(site.address);
    await page.getByRole("heading", { name: "Which width learns its training images" }).waitFor();
    expect(await begun(page)).toBe("The homework, small");
    await expect.poll(() => asked, { timeout: 20_000 }).toContain(`${site.address}${IMAGES}`);
    await page.getByRole("button", { name: "One pass" }).click();
    await stateIs(page, "paused");
    await page.getByRole("radio", { name: "32", exact: true }).click();
    const units = page.locator(".inside .pictures").first().locator("canvas");
    await expect.poll(() => units.count(), { timeout: 20_000 }).toBe(32);
    expect(await units.first().evaluate((one: HTMLCanvasElement) => [one.width, one.height])).toEqual([28, 28]); // prettier-ignore

    // Another study of the same images has them already.
    await page.getByLabel("passes", { exact: true }).fill("1");
    await train(page);
    expect(asked.filter((url) => url.endsWith(IMAGES))).toHaveLength(1);
  });

  test("shows a study of a set that is made where there are no images, and asks for none", async () => {
    const bare = await serveStatic();
    try {
      const asked = askedBy(page);
      await page.goto(bare.address);
      await page.getByRole("heading", { name: "Which width learns its training examples" }).waitFor(); // prettier-ignore
      expect(await begun(page)).toBe("A first look");
      await page.getByRole("button", { name: "One pass" }).click();
      await stateIs(page, "paused");
      expect(asked.filter((url) => url.includes("fashion-mnist"))).toEqual([]);
    } finally {
      bare.close();
    }
  });
});
