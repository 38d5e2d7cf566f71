// A browser and what serves it, for all tests of a suite, and a page for each, which must end without errors.

import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, expect } from "vitest";
import { openChromium, type Site } from "./browser.ts";

export interface Opened<Served extends Site> {
  readonly browser: BrowserContext;
  readonly site: Served;
  readonly page: Page;
}

/** `take` is given them before each test. Requests that are refused are errors on the console, too: `toConsole` says whether these count. */
export function openPages<Served extends Site>(
  serve: () => Promise<Served>,
  take: (opened: Opened<Served>) => void,
  { toConsole = true }: { readonly toConsole?: boolean } = {},
): void {
  let browser: BrowserContext;
  let site: Served;
  let page: Page;
  let problems: string[];
  beforeAll(async () => {
    [browser, site] = await Promise.all([openChromium(), serve()]);
  });
  afterAll(async () => {
    site.close();
    await browser.close();
  });
  beforeEach(async () => {
    page = await browser.newPage();
    problems = [];
    page.on("console", (message) => {
      if (toConsole && message.type() === "error") problems.push(message.text());
    });
    page.on("pageerror", ({ message }) => problems.push(message));
    take({ browser, site, page });
  });
  afterEach(async () => {
    await page.close();
    expect(problems).toEqual([]);
  });
}
