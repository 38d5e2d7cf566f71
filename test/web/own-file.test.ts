// A data set of the user's own in the lab: chosen or dropped, named by a link, and trained to the command line's bits.

import { execFile } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { tinyDataset } from "../data/tiny.ts";
import { CHROMIUM, WHY_SKIPPED, type Site } from "./support/browser.ts";
import {
  BIN,
  openStudy,
  serveByCommand,
  shownFingerprints,
  stateIs,
  train,
} from "./support/lab.ts";
import { openPages } from "./support/pages.ts";

const STUDY = `name: own
question: Does the page read files as the command line does?
dataset: {name: mnist-1d, examples: 30, label_noise: 0.1}
model: {hidden: [width], init: he}
training: {learning_rate: 0.05, passes: 5}
sweep: {width: [3, 9]}
streams: {seeds: [0, 3]}
`;

const ROWS = Array.from(
  { length: 60 },
  (_, i) => `${Math.sin(i)},${i / 60},${(i * 7) % 11},${i % 3}`,
);

describe.skipIf(CHROMIUM === null)(`one's own file${WHY_SKIPPED}`, () => {
  let browser: BrowserContext;
  let served: Site;
  let page: Page;
  let folder: string;

  openPages(serveByCommand, (opened) => {
    ({ browser, site: served, page } = opened);
  });
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "widthwise-own-"));
    writeFileSync(join(folder, "mine.csv"), ROWS.join("\n"));
    writeFileSync(join(folder, "other.csv"), ROWS.toReversed().join("\n"));
    writeFileSync(join(folder, "notes.csv"), "1,2,0\n3,what,1\n");
    mkdirSync(join(folder, "images"));
    for (const [name, bytes] of tinyDataset().archives)
      writeFileSync(join(folder, "images", name), bytes);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  const choose = (file: string, on = page) =>
    on.locator(".own-file input[type=file]").setInputFiles(join(folder, file));

  async function drop(file: string): Promise<void> {
    const session = await page.context().newCDPSession(page);
    const data = { items: [], files: [join(folder, file)], dragOperationsMask: 1 };
    for (const type of ["dragEnter", "dragOver", "drop"] as const)
      await session.send("Input.dispatchDragEvent", { type, x: 600, y: 300, data });
  }

  /** What the page's own command gives where the file lies. */
  async function byItsCommand(): Promise<{ dataset: { digest: string }; fingerprints: object }> {
    const command = await page.locator("details pre").textContent();
    const widthwise = `widthwise() { "${process.execPath}" "${BIN}" "$@" --json --out out --store store.db; }`;
    const { stdout } = await promisify(execFile)("bash", ["-c", `${widthwise}\n${command ?? ""}`], {
      cwd: folder,
    });
    return JSON.parse(stdout) as Awaited<ReturnType<typeof byItsCommand>>;
  }

  test("is trained on, and the command beside gives the same digest and fingerprints", async () => {
    await openStudy(page, served, STUDY);
    await choose("mine.csv");
    await page.getByText("48 training and 12 test examples of 3 values, 3 classes").waitFor();
    const digest = await page.locator(".own-file .digest").textContent();
    await train(page);
    const told = await byItsCommand();
    expect(told.dataset.digest).toBe(digest);
    expect(await shownFingerprints(page)).toEqual(Object.values(told.fingerprints).flat());
    await page.getByRole("tab", { name: "YAML" }).click();
    const text = await page.getByLabel("The study’s file").inputValue();
    expect(text).toContain("path: mine.csv");
    expect(text).toContain("examples: 30");
    expect(text).toContain("label_noise: 0.1");

    // The link says which file it is about, and another one is told of.
    const visitor = await browser.newPage();
    try {
      await visitor.goto(page.url());
      const wanted = visitor.getByRole("status", { name: "The study’s file" });
      await wanted.waitFor();
      expect(await wanted.textContent()).toContain(
        `mine.csv, which no link can hold. Drop it on this page to start; it stays on this machine. Its digest is to be ${digest ?? ""}`,
      );
      expect(await visitor.getByRole("button", { name: "Start" }).isDisabled()).toBe(true);
      await visitor.locator(".wanted input").setInputFiles({
        ...{ name: "mine.csv", mimeType: "text/csv" },
        buffer: Buffer.from(ROWS.toReversed().join("\n")),
      });
      await visitor.getByText("is another one than the link’s").waitFor();
      await visitor.getByRole("tab", { name: "Study" }).click();
      await choose("mine.csv", visitor);
      await wanted.waitFor({ state: "detached" });
      await train(visitor);
      expect(await shownFingerprints(visitor)).toEqual(await shownFingerprints(page));
    } finally {
      await visitor.close();
    }
  });

  test("gives its name to a study to begin with", async () => {
    await page.goto(served.address);
    await page.getByRole("heading", { name: /by heart/ }).waitFor();
    await choose("mine.csv");
    await page.getByText("48 training and 12 test examples of 3 values, 3 classes").waitFor();
    await page
      .getByRole("heading", { name: /^Which width learns its training examples by heart/ })
      .waitFor();
    await page.getByRole("tab", { name: "YAML" }).click();
    expect(await page.getByLabel("The study’s file").inputValue()).toMatch(/^name: mine\n/);
  });

  test("may be a folder that is dropped", async () => {
    await openStudy(page, served, STUDY.replace("examples: 30, ", "").replace("[3, 9]", "[4]"));
    await drop("images");
    await page.getByText(/^images: \d+ training/).waitFor();
    await train(page);
    const told = await byItsCommand();
    const ends = Object.values(told.fingerprints).flat();
    expect(await page.locator(".own-file .digest").textContent()).toBe(told.dataset.digest);
    expect(await shownFingerprints(page)).toEqual(ends);

    // Another worker is given the files again.
    const worker = page.workers().find((one) => one.url().includes("study-worker"));
    worker?.evaluate("setTimeout(close)").catch(() => undefined);
    await page.getByText(/^The lab’s worker stopped; /).waitFor();
    await stateIs(page, "done");
    expect(await shownFingerprints(page)).toEqual(ends);
  });

  test("may have classes in words, which the page tells", async () => {
    const words = ["setosa", "versicolor", "virginica"];
    const rows = ROWS.map((row, i) =>
      row
        .replace(/\d$/, words[i % 3])
        .replaceAll(",", ";")
        .replaceAll(".", ","),
    );
    await openStudy(page, served, STUDY);
    await page.locator(".own-file input[type=file]").setInputFiles({
      ...{ name: "iris.csv", mimeType: "text/csv" },
      buffer: Buffer.from(["a;b;c;species", ...rows].join("\n")),
    });
    await page.getByText("3 values, 3 classes (setosa, versicolor, virginica).").waitFor();
    await train(page);
    await page.getByRole("radio", { name: "9", exact: true }).click();
    const matrix = page.getByRole("region", { name: "Confusion matrix" });
    await matrix.waitFor();
    expect(await matrix.locator("thead th").allTextContents()).toEqual([
      ...["class ↓ taken for →", ...words],
    ]);
    expect(await matrix.locator("tbody th").allTextContents()).toEqual(words);
  });

  test("that is none is told of whatever is open, and changes nothing", async () => {
    await openStudy(page, served, STUDY);
    await page.getByRole("tab", { name: "YAML" }).click();
    await drop("notes.csv");
    await page.getByText('notes.csv, row 2, column 2 is "what"').waitFor();
    await page.getByRole("tab", { name: "Study" }).click();
    expect(await page.getByLabel("examples").inputValue()).toBe("30");
    await train(page);
  });
});
