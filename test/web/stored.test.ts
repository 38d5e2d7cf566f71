// The lab with its server: what the store keeps is shown in the page's charts, and what the page asks for is trained there.

import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Listing, OpenedStudy } from "../../src/report/watching.ts";
import { seriousIn } from "./support/axe.ts";
import { CHROMIUM, WHY_SKIPPED } from "./support/browser.ts";
import {
  BIN,
  fingerprintsOf,
  linkTo,
  openStudy,
  serveByCommand,
  serveStatic,
  shownFingerprints,
  stateIs,
} from "./support/lab.ts";
import { openPages } from "./support/pages.ts";

const study = (name: string, widths: string, passes: number) => `name: ${name}
question: Does the server train as the command line does?
dataset: {name: mnist-1d, examples: 200, label_noise: 0.1}
model: {hidden: [width], init: he}
training: {learning_rate: 0.02, passes: ${passes}}
sweep: {width: ${widths}}
streams: {seeds: [0, 3]}
`;

const MAP = `name: small-map
question: Which widths and rates train?
dataset: {name: gaussian-clusters, inputs: 8, classes: 2, separation: 0, train: 40, test: 10}
model: {hidden: [width], activation: tanh, init: lecun}
training: {objective: squared error, batch: full, passes: 30}
evaluate: {every: 15}
sweep:
  width: {from: 2, to: 4, points: 3}
  training.learning_rate: {from: 0.01, to: 300, points: 3, scale: log}
streams: {seeds: [0, 1]}
ask: [{name: map, of: train_loss, refine: 1}]
`;

const ROWS = Array.from({ length: 60 }, (_, i) => `${Math.sin(i)},${(i * 7) % 11},${i % 3}`);

const folder = mkdtempSync(join(tmpdir(), "widthwise-stored-"));
const store = join(folder, "store.db");
const kept = new Map<string, { fingerprint: string; fingerprints: Record<string, string> }>();

function widthwise(...words: string[]): string {
  return execFileSync(process.execPath, [BIN, ...words, "--store", store], { encoding: "utf8" });
}

describe.skipIf(CHROMIUM === null)(`the lab's server${WHY_SKIPPED}`, () => {
  let browser: BrowserContext;
  let served: Awaited<ReturnType<typeof serveByCommand>>;
  let page: Page;

  beforeAll(async () => {
    const own = join(folder, "own.csv");
    writeFileSync(own, ROWS.join("\n"));
    const dataset = `dataset: {path: ${own}, test: {share: 0.2}}`;
    const texts = {
      narrow: study("narrow", "[3, 9]", 12),
      wide: study("wide", "[9, 27]", 9),
      "small-map": MAP,
      own: study("own", "[3]", 2).replace(/dataset: .*/, dataset),
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
      ({ browser, page } = opened);
    },
    { toConsole: false },
  );

  const ask = async <Told>(path: string) =>
    (await (await fetch(`${served.address}api/${path}`)).json()) as Told;
  const idOf = async (name: string) =>
    (await ask<Listing>("studies")).studies.find((one) => one.name === name)?.id ?? "";
  const openStored = async (name: string) => {
    await page.goto(served.address);
    await page.getByRole("tab", { name: "Stored" }).click();
    await page.getByRole("button", { name, exact: true }).click();
    await page.locator(".status[data-place=server]").waitFor();
  };
  const pass = async () => Number(await page.locator(".pass output").textContent());

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
    await page.getByText("No width interpolates").first().waitFor();

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
    const ids = await Promise.all(["narrow", "small-map"].map(idOf));
    await page.goto("about:blank");
    await page.goto(`${served.address}#study=name&stored=${ids.join()}`);
    await page.getByText("small-map is a map, which is not laid over others").waitFor();
  });

  test("a map that is trained on the server is refined while one looks", async () => {
    const live = MAP.replace("small-map", "live-map").replace("passes: 30", "passes: 5000");
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
    expect(await ask<OpenedStudy>(`studies/${await idOf("own")}`)).toMatchObject({
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

  test("what is started on the server goes on through a reload, a crash and a restart, to the same bits", async () => {
    // Longer than any machine takes for this test.
    const lasting = (passes: number) =>
      `${study("endurance", "[9]", passes)}evaluate: {every: 200}\n`
        .replace("[0, 3]", "[0]")
        .replace("examples: 200", "examples: 3000");
    const patience = { timeout: 60_000 };
    await page.goto(linkTo(served, lasting(100_000)));
    await page.getByRole("button", { name: "Train on the server" }).waitFor();
    expect((await ask<Listing>("studies")).studies.map(({ name }) => name)).not.toContain(
      "endurance",
    );
    await page.getByRole("button", { name: "Train on the server" }).click();
    await page.getByText(/^The server trains: /).waitFor();
    await expect.poll(pass, patience).toBeGreaterThan(0);
    await page.reload();
    await page.getByText(/^The server trains: /).waitFor();
    const before = await pass();
    await expect.poll(pass, patience).toBeGreaterThan(before);
    const id = await idOf("endurance");
    const rowsKept = async () => {
      const { events } = await ask<OpenedStudy>(`studies/${id}`);
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
    await openStudy(page, served, study("stopped", "[9]", 100_000));
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
      study("curious", "[9]", 3).replace(/dataset: .*/, "dataset: {path: /etc, examples: 2}"),
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

  test("a page that no server of widthwise gives has none of this", async () => {
    const site = await serveStatic();
    try {
      await page.goto(site.address);
      await page.getByRole("tab", { name: "YAML" }).waitFor();
      expect(await page.getByRole("tab").allTextContents()).toEqual(["Study", "YAML"]);
      expect(await page.getByRole("button", { name: "Train on the server" }).count()).toBe(0);
    } finally {
      site.close();
    }
  });
});
