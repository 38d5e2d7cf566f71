// The lab with its server: what the store keeps is shown in the page's charts.

import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OpenedStudy } from "../../src/report/watching.ts";
import { seriousIn } from "./support/axe.ts";
import { CHROMIUM, WHY_SKIPPED, type Site } from "./support/browser.ts";
import { BIN, serveByCommand, serveStatic, shownFingerprints, stateIs } from "./support/lab.ts";
import { openPages } from "./support/pages.ts";
import { askServer, idOf, passShown, serverStudy, SMALL_MAP } from "./support/stored.ts";

const ROWS = Array.from({ length: 60 }, (_, i) => `${Math.sin(i)},${(i * 7) % 11},${i % 3}`);

const folder = mkdtempSync(join(tmpdir(), "widthwise-stored-"));
const store = join(folder, "store.db");
const kept = new Map<string, { fingerprint: string; fingerprints: Record<string, string> }>();

describe.skipIf(CHROMIUM === null)(`the lab's stored studies${WHY_SKIPPED}`, () => {
  let browser: BrowserContext;
  let served: Site;
  let page: Page;

  beforeAll(async () => {
    const own = join(folder, "own.csv");
    writeFileSync(own, ROWS.join("\n"));
    const dataset = `dataset: {path: ${own}, test: {share: 0.2}}`;
    const texts = {
      narrow: serverStudy("narrow", "[3, 9]", 12),
      wide: serverStudy("wide", "[9, 27]", 9),
      "small-map": SMALL_MAP,
      own: serverStudy("own", "[3]", 2).replace(/dataset: .*/, dataset),
    };
    await Promise.all(
      Object.entries(texts).map(async ([name, text]) => {
        const file = join(folder, `${name}.yaml`);
        writeFileSync(file, text);
        const words = ["run", file, "--out", join(folder, name), "--store", store, "--json"];
        const { stdout } = await promisify(execFile)(process.execPath, [BIN, ...words]);
        kept.set(name, JSON.parse(stdout) as { fingerprint: string; fingerprints: never });
      }),
    );
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });
  openPages(
    () => serveByCommand({ store }),
    (opened) => {
      ({ browser, page, site: served } = opened);
    },
    { toConsole: false },
  );

  const openStored = async (name: string) => {
    await page.goto(served.address);
    await page.getByRole("tab", { name: "Stored" }).click();
    await page.getByRole("button", { name, exact: true }).click();
    // Until then it is there without its curves.
    await page.locator(".status[data-place=server][data-state=done]").waitFor();
  };
  const pass = () => passShown(page);

  test("a stored study opens in the same charts, with its report one click away", async () => {
    await openStored("narrow");
    expect(await page.locator(".legend li").allTextContents()).toEqual(["3", "9"]);
    const { fingerprint, fingerprints } = kept.get("narrow") ?? { fingerprints: {} };
    expect(await shownFingerprints(page)).toEqual(Object.values(fingerprints).flat());
    expect(await page.locator(".fingerprint code").textContent()).toBe(fingerprint);
    expect(await pass()).toBe(12);
    const { smallest_interpolating_width: width } = kept.get("narrow") as unknown as {
      smallest_interpolating_width: number | null;
    };
    expect(width).toBeNull();
    const answer = page.locator(".answer [aria-live=polite] p").first();
    expect(await answer.textContent()).toMatch(/^No width interpolates/);

    const [report] = await Promise.all([
      page.waitForEvent("popup"),
      page.getByRole("link", { name: "Report of narrow" }).first().click(),
    ]);
    await report.getByRole("heading", { name: "Where this comes from" }).waitFor();
    expect(await report.locator("h1").textContent()).toBe(
      "Does the server train as the command line does?",
    );
    const { headers } = await fetch(report.url());
    expect(headers.get("content-security-policy")).toMatch(/default-src 'none'.* sandbox$/);
    await report.close();
    const csv = await (await fetch(report.url().replace(/report$/, "trajectories"))).text();
    expect(csv).toBe(readFileSync(join(folder, "narrow/trajectories.csv"), "utf8"));
  });

  test("going back comes from what is laid to the one before, and from that to the page's own", async () => {
    await openStored("narrow");
    await page.getByRole("checkbox", { name: "lay wide over" }).click();
    await page.getByRole("list", { name: "Widths of wide" }).waitFor();
    await page.goBack();
    await page.getByRole("list", { name: "Widths of wide" }).waitFor({ state: "detached" });
    await expect.poll(() => page.locator(".legend li").allTextContents()).toEqual(["3", "9"]);
    await page.goBack();
    await page.locator(".status[data-place=server]").waitFor({ state: "detached" });
    await page.getByRole("button", { name: "Start" }).waitFor();
    await page.goForward();
    await page.locator(".status[data-place=server]").waitFor();
  });

  test("a link to what is shown already shows what it says of it", async () => {
    await openStored("narrow");
    await page.getByRole("tab", { name: "Study" }).click();
    await page.waitForURL((url) => !url.hash.includes("tab="));
    const { hash } = new URL(page.url());
    const passes = page.getByLabel("passes", { exact: true });
    await passes.fill("99");
    await page.getByText("The study has changed").waitFor();
    await page.evaluate((link) => (location.hash = link), `${hash}&pass=3&scale=linear`);
    await expect.poll(pass).toBe(3);
    await expect.poll(() => passes.inputValue()).toBe("12");
    expect(await page.getByRole("radio", { name: "linear" }).isChecked()).toBe(true);
    await page.locator(".status[data-place=server]").waitFor();
  });

  test("two are laid over each other, and a link shows them and starts nothing", async () => {
    await openStored("narrow");
    await page.getByRole("checkbox", { name: "lay wide over" }).click();
    await page.getByRole("list", { name: "Widths of wide" }).waitFor();
    expect(await page.locator(".legends > div").allTextContents()).toEqual(["narrow39", "wide927"]);
    // The same colour for the same width, another stroke for another study.
    const strokes = await page
      .locator(".legend line")
      .evaluateAll((lines) =>
        lines.map((line) => [line.getAttribute("stroke"), line.getAttribute("stroke-dasharray")]),
      );
    expect(strokes[1][0]).toBe(strokes[2][0]);
    expect(strokes[0][0]).not.toBe(strokes[1][0]);
    expect(strokes.map(([, dash]) => dash)).toEqual(["", "", "7,4", "7,4"]);
    const all = ["narrow", "wide"].flatMap((name) =>
      Object.values(kept.get(name)?.fingerprints ?? {}).flat(),
    );
    expect(await shownFingerprints(page)).toEqual(all);
    expect(await seriousIn(page)).toEqual([]);

    const values = page.getByRole("region", { name: "After 12 passes" }).getByRole("row");
    expect(await values.nth(3).locator(".ended").textContent()).toBe("ended at pass 9");
    expect(await values.nth(1).locator(".ended").count()).toBe(0);

    const link = page.url();
    const other = await browser.newPage();
    try {
      await other.goto(link);
      await other.getByRole("list", { name: "Widths of wide" }).waitFor();
      expect(await shownFingerprints(other)).toEqual(all);
    } finally {
      await other.close();
    }
    await page.getByRole("checkbox", { name: "lay narrow over" }).click();
    await page.getByText(/^wide, from the store/).waitFor();
    await page.getByRole("button", { name: "Close" }).click();
    await stateIs(page, "idle");
    expect(await page.locator(".legend li").count()).toBe(0);
    expect(page.url()).not.toContain("stored=");
  });

  test("a stored map opens as the map, with its cells' fingerprints, curves and report", async () => {
    await openStored("small-map");
    const { fingerprints = {} } = kept.get("small-map") ?? {};
    expect(await page.locator("#map-summary").textContent()).toContain(
      `${Object.keys(fingerprints).length} are trained`,
    );
    await page
      .locator(".map .answer")
      .getByText(/^Training loss: from/)
      .waitFor();
    expect(await page.locator(".curves").count()).toBe(0);
    const panel = page.locator(".map-cell");
    const seen = new Set<string>();
    await page.locator(".map-ground").focus();
    for (const key of ["ArrowUp", ...Array<string>(4).fill("ArrowDown")]) {
      await page.keyboard.press(key);
      const [width, rate, answer, ...elsewhere] = await panel.locator("dd").allTextContents();
      const [w, r] = elsewhere.length === 0 ? [width, rate] : elsewhere[0].split(", ");
      const codes = panel.locator(".map-trials code");
      expect(await codes.evaluateAll((all) => all.map((one) => one.getAttribute("title")))).toEqual(
        fingerprints[`width=${w},training.learning_rate=${r}`],
      );
      seen.add(answer);
    }
    expect(seen.size).toBeGreaterThan(1);
    await page.keyboard.press("Enter");
    await panel.getByRole("img", { name: /^Training loss: .* after 30 passes$/ }).waitFor();
    expect(await page.getByRole("button", { name: /^verify/ }).count()).toBe(0);
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("button", { name: "All of it as one page" }).click(),
    ]);
    const html = readFileSync(await download.path(), "utf8");
    expect(html).toContain(kept.get("small-map")?.fingerprint);

    // It stands alone: there is nothing to be laid over.
    expect(await page.getByRole("checkbox", { name: /^lay/ }).count()).toBe(0);
    const ids = await Promise.all(["narrow", "small-map"].map((name) => idOf(served, name)));
    await page.goto("about:blank");
    await page.goto(`${served.address}#study=name&stored=${ids.join()}`);
    await page.getByText("small-map is a map, which is not laid over others").waitFor();
  });

  test("where a study's file lies on the server's disk is told to nobody", async () => {
    await openStored("own");
    await page.getByRole("tab", { name: "YAML" }).click();
    const text = await page.getByLabel("The study’s file").inputValue();
    expect(text).toContain("path: own.csv");
    const { dataset } = kept.get("own") as unknown as { dataset: { digest: string } };
    await page.getByText("who opens it elsewhere needs own.csv, whose digest is").waitFor();
    const { hash, href } = new URL(page.url());
    for (const told of [text, decodeURIComponent(href), await page.locator("main").innerHTML()])
      expect(told).not.toContain(folder);
    expect(
      await askServer<OpenedStudy>(served, `studies/${await idOf(served, "own")}`),
    ).toMatchObject({
      digest: dataset.digest,
    });
    const site = await serveStatic();
    const other = await browser.newPage();
    try {
      await other.goto(`${site.address}${hash}`);
      const wanted = other.getByRole("status", { name: "The study’s file" });
      await wanted.waitFor();
      expect(await wanted.textContent()).toContain(`Its digest is to be ${dataset.digest}`);
    } finally {
      await other.close();
      site.close();
    }
  });

  test("by keyboard alone, dark, and axe finds nothing serious", async () => {
    await page.emulateMedia({ colorScheme: "dark" });
    await page.goto(served.address);
    await page.getByRole("tab", { name: "YAML" }).waitFor();
    await page.getByRole("tab", { name: "Study" }).focus();
    await page.getByRole("tab", { name: "Stored" }).waitFor();
    for (const name of ["YAML", "Stored"]) {
      await page.keyboard.press("ArrowRight");
      await page.getByRole("tab", { name, selected: true }).waitFor();
    }
    await page.getByRole("button", { name: "wide", exact: true }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.locator(".status[data-place=server]").waitFor();
    await page.locator(".entry .short").first().waitFor();
    expect(await seriousIn(page)).toEqual([]);
    await page.getByRole("tab", { name: "Claims" }).click();
    await page.getByRole("heading", { name: "homework", exact: true }).waitFor();
    expect(await seriousIn(page)).toEqual([]);
  });
});
