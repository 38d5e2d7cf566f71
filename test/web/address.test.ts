// The lab's address: what it says, and when it changes.

import type { BrowserContext, Page } from "playwright-core";
import { describe, expect, test } from "vitest";
import { CHROMIUM, WHY_SKIPPED, type Site } from "./support/browser.ts";
import { linkTo, openStudy, putsOf, serveStatic } from "./support/lab.ts";
import { openPages } from "./support/pages.ts";

const STUDY = `name: small
question: Does the page train as the command line does?
dataset: {name: mnist-1d, examples: 200, label_noise: 0.1}
model: {hidden: [width], init: he}
training: {learning_rate: 0.02, passes: 8}
sweep: {width: [3, 9]}
streams: {seeds: [0, 3]}
`;

describe.skipIf(CHROMIUM === null)(`the lab's address${WHY_SKIPPED}`, () => {
  let served: Site;
  let browser: BrowserContext;
  let page: Page;
  openPages(serveStatic, (opened) => {
    ({ site: served, browser, page } = opened);
  });

  test("the address is the study: a link and a reload show it, and start nothing", async () => {
    await openStudy(page, served, STUDY);
    await page.getByLabel("seeds").fill("7, 8");
    await page.getByRole("radio", { name: "linear" }).click();
    await page.waitForURL(/scale=linear/);
    expect(await page.locator(".four .expected").count()).toBe(4);
    const link = page.url();
    const other = await browser.newPage();
    try {
      for (const visit of [() => other.goto(link), () => other.reload()]) {
        await visit();
        await other.locator(".answer h2").waitFor();
        expect(await other.getByLabel("seeds").inputValue()).toBe("7, 8");
        expect(await other.getByRole("radio", { name: "linear" }).isChecked()).toBe(true);
        expect(await other.locator(".status").textContent()).toBe("Nothing is trained yet.");
      }
      await other.goto(linkTo(served, STUDY.replace("small", "another")));
      await expect.poll(() => other.getByLabel("seeds").inputValue()).toBe("0, 3");
    } finally {
      await other.close();
    }
  });

  test.each([
    ["in the file", STUDY],
    [
      "in what it says of its data set",
      STUDY.replace(/^(dataset: .*)\n/m, "").concat("dataset: a"),
    ],
  ])("follows what is typed %s some times a second, as much as browsers allow", async (_, text) => {
    await openStudy(page, served, text);
    await page.getByRole("tab", { name: "YAML" }).click();
    const file = page.getByLabel("The study’s file");
    const began = Date.now();
    const puts = await putsOf(page, async () => {
      await file.evaluate(async (box: HTMLTextAreaElement) => {
        for (let typed = 0; typed < 150; typed++) {
          box.value += "b";
          box.dispatchEvent(new InputEvent("input", { bubbles: true }));
          await new Promise((resolve) => setTimeout(resolve, 5));
        }
      });
      await page.waitForURL(/b{150}/);
    });
    expect(puts).toBeLessThan(4 + (Date.now() - began) / 350);
  });

  test("is put some times a second while a key that changes it is held", async () => {
    await openStudy(page, served, STUDY);
    await page.getByRole("tab", { name: "Study" }).focus();
    const began = Date.now();
    const puts = await putsOf(page, async () => {
      for (let pressed = 0; pressed < 61; pressed++) await page.keyboard.press("ArrowRight");
      await page.waitForURL(/tab=yaml/);
    });
    expect(puts).toBeLessThan(4 + (Date.now() - began) / 350);
  });

  test("a study that no address holds is told of, and so is an address that is too long", async () => {
    const long = `${STUDY}# ${"-".repeat(30_000)}\n`;
    await page.goto(linkTo(served, long));
    await page.getByText("This address is too long for the lab to read").waitFor();
    await page.getByRole("tab", { name: "YAML" }).click();
    const file = page.getByLabel("The study’s file");
    await file.fill(long);
    const told = page.getByText("No address holds a study this long");
    await told.waitFor();
    await file.fill(STUDY);
    await told.waitFor({ state: "detached" });
  });

  test("a page that no server of widthwise gives has none of this", async () => {
    await page.goto(served.address);
    await page.getByRole("tab", { name: "YAML" }).waitFor();
    expect(await page.getByRole("tab").allTextContents()).toEqual(["Study", "YAML"]);
    expect(await page.getByRole("button", { name: "Train on the server" }).count()).toBe(0);
  });
});
