// What fails on the lab's page is told there in a sentence, and what was trained stays.

import type { BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { seriousIn } from "./support/axe.ts";
import { CHROMIUM, openChromium, WHY_SKIPPED } from "./support/browser.ts";
import { linkTo, openStudy, serveByCommand, stateIs, train } from "./support/lab.ts";

const STUDY = `name: small
question: What is left when a call fails?
dataset: {name: mnist-1d, examples: 100}
model: {hidden: [width], init: he}
training: {learning_rate: 0.02, passes: 3}
sweep: {width: [3, 9]}
`;

const UNFETCHED = "part of the page cannot be fetched; see whether its server still runs";

describe.skipIf(CHROMIUM === null)(`what fails in the lab${WHY_SKIPPED}`, () => {
  let browser: BrowserContext;
  let page: Page;
  let site: Awaited<ReturnType<typeof serveByCommand>>;

  beforeAll(async () => {
    [browser, site] = await Promise.all([openChromium(), serveByCommand()]);
  });
  afterAll(async () => {
    site.close();
    await browser.close();
  });
  beforeEach(async () => {
    page = await browser.newPage();
    await openStudy(page, site, STUDY);
  });
  afterEach(() => page.close());

  /** Beside which the server's end may be told, too. */
  const alert = () => page.locator(".failure[role=alert]");
  const told = () => alert().locator("p").textContent();

  test("is told where the server has ended, each call of it, and all works again with it", async () => {
    await train(page);
    const { port } = new URL(site.address);
    await site.kill();
    for (const name of ["All of it as one page", "Trajectories as CSV"]) {
      await page.getByRole("button", { name }).click();
      await alert().waitFor();
      expect(await told()).toContain(UNFETCHED);
      expect(await seriousIn(page)).toEqual([]);
      await page.getByRole("heading", { name: "The proof" }).click();
      await alert().waitFor({ state: "detached" });
    }
    const verify = page.getByRole("button", { name: "verify width 9 seed 0" });
    await verify.click();
    await page.locator(".proofs").getByText(UNFETCHED).waitFor();
    await page.getByRole("button", { name: "A map" }).click();
    await alert().waitFor();
    expect(await told()).toContain(UNFETCHED);

    await page.evaluate(
      (hash) => (location.hash = hash),
      new URL(linkTo(site, STUDY.replace("passes: 3", "passes: 4"))).hash,
    );
    await page.getByText("The study has changed").waitFor();
    await page.getByRole("button", { name: "Start" }).click();
    await stateIs(page, "failed");
    expect(await page.locator(".status").textContent()).toContain("cannot be fetched");

    site = await serveByCommand({ port });
    await page.getByRole("button", { name: "Go on" }).click();
    await stateIs(page, "done");
    await verify.click();
    await page.getByText("the same, to the bit").waitFor();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "All of it as one page" }).click(),
    ]);
    expect(download.suggestedFilename()).toBe("small.html");
  });

  test("is told whoever has called it", async () => {
    await page.evaluate(() => {
      void Promise.reject(new TypeError("nobody <b>catches</b> this"));
    });
    await alert().waitFor();
    expect(await told()).toBe("The lab met a bug: TypeError: nobody <b>catches</b> this.");
    await page.getByRole("button", { name: "Close" }).click();
    await alert().waitFor({ state: "detached" });
  });

  test("is told where an edit of the form cannot be made in the file", async () => {
    await page.getByRole("tab", { name: "YAML" }).click();
    await page.getByLabel("The study’s file").fill(STUDY.replace("{width: [3, 9]}", "9"));
    await page.getByRole("alert").waitFor();
    await page.getByRole("tab", { name: "Study" }).click();
    await page.getByLabel("width", { exact: true }).fill("5");
    await page.keyboard.press("Enter");
    await alert().waitFor();
    expect(await told()).toBe("Sweep has no room for width as it is; change it under YAML.");
  });
});
