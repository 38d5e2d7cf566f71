// What the lab's page has its server train: watched, stopped, gone on with, and kept.

import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { afterAll, describe, expect, test } from "vitest";
import type { Listing, OpenedStudy } from "../../src/report/watching.ts";
import { CHROMIUM, WHY_SKIPPED } from "./support/browser.ts";
import { BIN, fingerprintsOf, linkTo, openStudy, serveByCommand } from "./support/lab.ts";
import { openPages } from "./support/pages.ts";
import { askServer, idOf, passShown, serverStudy, SMALL_MAP } from "./support/stored.ts";

const folder = mkdtempSync(join(tmpdir(), "widthwise-trained-"));
const store = join(folder, "store.db");

function widthwise(...words: string[]): string {
  return execFileSync(process.execPath, [BIN, ...words, "--store", store], { encoding: "utf8" });
}

describe.skipIf(CHROMIUM === null)(`what the lab's server trains${WHY_SKIPPED}`, () => {
  let served: Awaited<ReturnType<typeof serveByCommand>>;
  let page: Page;

  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  openPages(
    async () => {
      served = await serveByCommand({ store });
      // The one that is there in the end: a test kills the first.
      return {
        address: served.address,
        close: () => {
          served.close();
        },
      };
    },
    (opened) => {
      ({ page } = opened);
    },
    { toConsole: false },
  );

  const pass = () => passShown(page);

  test("a map that is trained on the server is refined while one looks", async () => {
    const live = SMALL_MAP.replace("small-map", "live-map").replace("passes: 30", "passes: 5000");
    await openStudy(page, served, live);
    await page.evaluate(() => {
      const seen: string[] = [];
      Object.assign(globalThis, { seen });
      const told = () => document.querySelector("#map-summary")?.textContent ?? "";
      new MutationObserver(() => seen.push(told())).observe(document.body, {
        ...{ characterData: true, childList: true, subtree: true },
      });
    });
    await page.getByRole("button", { name: "Train on the server" }).click();
    await page.getByText(/^live-map, from the store/).waitFor();
    const seen = await page.evaluate(() => (globalThis as unknown as { seen: string[] }).seen);
    const trained = seen.map((said) => Number(/(\d+) are trained/.exec(said)?.[1] ?? 0));
    expect(trained).toEqual(trained.toSorted((a, b) => a - b));
    expect(new Set(trained.filter((cells) => cells > 0)).size).toBeGreaterThan(1);
  });

  test("what is started on the server goes on through a reload, a crash and a restart, to the same bits", async () => {
    // Longer than any machine takes for this test.
    const lasting = (passes: number) =>
      `${serverStudy("endurance", "[9]", passes)}evaluate: {every: 200}\n`
        .replace("[0, 3]", "[0]")
        .replace("examples: 200", "examples: 3000");
    const patience = { timeout: 60_000 };
    await page.goto(linkTo(served, lasting(100_000)));
    await page.getByRole("button", { name: "Train on the server" }).waitFor();
    expect(
      (await askServer<Listing>(served, "studies")).studies.map(({ name }) => name),
    ).not.toContain("endurance");
    await page.getByRole("button", { name: "Train on the server" }).click();
    await page.getByText(/^The server trains: /).waitFor();
    await expect.poll(pass, patience).toBeGreaterThan(0);
    await page.reload();
    await page.getByText(/^The server trains: /).waitFor();
    const before = await pass();
    await expect.poll(pass, patience).toBeGreaterThan(before);
    const id = await idOf(served, "endurance");
    const rowsKept = async () => {
      const { events } = await askServer<OpenedStudy>(served, `studies/${id}`);
      return events.some((event) => event.kind === "rows" && event.all.length > 0);
    };
    await expect.poll(rowsKept, patience).toBe(true);

    const { port } = new URL(served.address);
    await served.kill();
    await page.getByText("The server does not answer; what it trained by then is kept.").waitFor();
    served = await serveByCommand({ port, store });
    await page.getByText(/^endurance is not finished/).waitFor();
    await page.reload();
    await page.getByText(/^endurance is not finished/).waitFor();
    await expect.poll(pass, patience).toBeGreaterThan(0);
    const kept = await pass();
    await page.getByRole("button", { name: "Go on" }).click();
    await page.getByText(/^The server trains: /).waitFor();
    await expect.poll(pass, patience).toBeGreaterThan(kept);
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText(/^endurance is not finished/).waitFor();
    const trained = await pass();
    expect(trained).toBeGreaterThan(kept);

    // So far, taken from the store, it is what training at a stretch gives.
    const file = join(folder, "so-far.yaml");
    writeFileSync(file, lasting(trained));
    const words = ["run", file, "--out", join(folder, "so-far"), "--store", store, "--json"];
    const [told, anew] = await Promise.all([
      promisify(execFile)(process.execPath, [BIN, ...words]),
      fingerprintsOf(lasting(trained)),
    ]);
    expect(told.stderr).toContain("taken from the store");
    const { fingerprints } = JSON.parse(told.stdout) as { fingerprints: object };
    expect(fingerprints).toEqual(anew.fingerprints);
  }, 240_000);

  test("a study is stopped from the page, and what it may not ask for is told in a sentence", async () => {
    await openStudy(page, served, serverStudy("stopped", "[9]", 100_000));
    await page.getByRole("button", { name: "Train on the server" }).click();
    await page.getByText(/^The server trains: /).waitFor();
    await page.getByRole("button", { name: "Stop" }).click();
    await page.getByText(/^stopped is not finished/).waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    // The button stays where it is while a page reads another address, and would train the study before.
    await page.goto("about:blank");
    await openStudy(
      page,
      served,
      serverStudy("curious", "[9]", 3).replace(/dataset: .*/, "dataset: {path: /etc, examples: 2}"),
    );
    await page.getByRole("button", { name: "Train on the server" }).click();
    await page.getByText("dataset.path: a page names no files of the server's").waitFor();
  });

  test("a claim's quick form, trained on the server, gets its verdict", async () => {
    await page.goto(served.address);
    await page.getByRole("tab", { name: "Claims" }).click();
    // The one that trains soonest of those whose data set is here.
    const images = `${served.address}fashion-mnist/train-labels-idx1-ubyte.gz`;
    const { ok } = await fetch(images, { method: "HEAD" });
    const claim = ok ? "random-labels" : "belkin";
    await page.getByRole("button", { name: `Quick form of ${claim}` }).click();
    await page.getByRole("button", { name: "Train on the server" }).click();
    await page.getByText(`${claim}-quick, from the store`).waitFor({ timeout: 120_000 });
    await page.getByRole("tab", { name: "Claims" }).click();
    const heading = page.getByRole("heading", { name: claim, exact: true });
    const verdict = page.locator(".entry", { has: heading }).locator(".verdict");
    await verdict.waitFor();
    expect(await verdict.textContent()).toMatch(/^(reproduced|undecided|not reproduced), in quick/);
    const told = JSON.parse(
      widthwise("check", claim, "--quick", "--json", "--out", join(folder, "claim")),
    ) as {
      claim: { verdict: string };
      fingerprint: string;
    };
    expect(await verdict.textContent()).toBe(`${told.claim.verdict}, in quick form`);
    expect(await page.locator(".fingerprint code").textContent()).toBe(told.fingerprint);
  }, 180_000);
});
