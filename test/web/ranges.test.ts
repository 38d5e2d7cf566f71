// Points of ranges enter keys: a browser computes Node's, to the digit.

import type { BrowserContext } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { rangePoints } from "../support/range-points.ts";
import { CHROMIUM, openChromium, WHY_SKIPPED } from "./support/browser.ts";
import { rangeScript } from "./range-script.mjs";

describe.skipIf(CHROMIUM === null)(`ranges${WHY_SKIPPED}`, () => {
  let browser: BrowserContext;
  beforeAll(async () => {
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  test("have the same points, and maps at every refinement", async () => {
    const page = await browser.newPage();
    const found = await page.evaluate<string[]>(await rangeScript());
    const known = rangePoints();
    expect(known.join(" ").split(" ").length).toBeGreaterThan(10_000);
    expect(found).toEqual(known);
  });
});
