// That the pool of Web Workers keeps to what every pool promises, with and without shared memory.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { BrowserContext, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { POOL_CONTRACT } from "../support/pool-contract.ts";
import { CHROMIUM, openChromium, serve, WHY_SKIPPED } from "./support/browser.ts";

const path = (to: string) => fileURLToPath(new URL(to, import.meta.url));

describe.skipIf(CHROMIUM === null)(`Web Workers${WHY_SKIPPED}`, () => {
  let browser: BrowserContext;
  const files = new Map<string, string | Uint8Array>([
    ["index.html", '<!doctype html><script type="module" src="contract-page.js"></script>'],
    ["private.wasm", readFileSync(path("../../dist/kernel/private.wasm"))],
    ["shared.wasm", readFileSync(path("../../dist/kernel/shared.wasm"))],
  ]);

  beforeAll(async () => {
    const { outputFiles } = await build({
      entryPoints: [path("support/contract-page.ts"), path("../../src/pool/web/kernel-worker.ts")],
      ...{ bundle: true, write: false, outdir: "/", entryNames: "[name]" },
      ...{ format: "esm", target: "es2022" },
    });
    for (const { path, text } of outputFiles) files.set(path.slice(1), text);
    browser = await openChromium();
  });
  afterAll(() => browser.close());

  async function onPage<Result>(isolated: boolean, work: (page: Page) => Promise<Result>) {
    const site = await serve(files, isolated);
    const page = await browser.newPage();
    try {
      await page.goto(site.address);
      return await work(page);
    } finally {
      await page.close();
      site.close();
    }
  }

  test.each([true, false])("keep to every pool's contract, shared memory: %s", async (isolated) => {
    const kept = await onPage<unknown>(isolated, (page) => page.evaluate("keep()"));
    const cases = Object.keys(POOL_CONTRACT).map((name) => [name, null] as const);
    expect(kept).toEqual({ shares: isolated, cases: Object.fromEntries(cases) });
  });

  test.each([
    [true, "setTimeout(close)", "a worker stopped"],
    [false, "setTimeout(close)", "a worker stopped"],
    [
      true,
      "setTimeout(() => { throw new Error('a fault') })",
      "a worker stopped (Uncaught Error: a fault)",
    ],
  ])(
    "one that ends is told of and replaced, shared memory: %s, by %s",
    async (isolated, end, told) => {
      const met = await onPage<unknown>(isolated, async (page) => {
        await page.evaluate("beginEndless()");
        // Whether a worker that ends answers is nobody's to know.
        for (const worker of page.workers()) worker.evaluate(end).catch(() => undefined);
        return page.evaluate("meet()");
      });
      expect(met).toEqual({
        ended: isolated ? null : `WorkerCrash: ${told}`,
        crashes: [told, told],
        isSame: true,
      });
    },
  );

  test.each([true, false])(
    "where none can be started any more, that is told, and not tried for ever, shared memory: %s",
    async (isolated) => {
      const script = files.get("kernel-worker.js") ?? "";
      const met = await onPage(isolated, async (page) => {
        await page.evaluate("beginEndless()");
        files.delete("kernel-worker.js");
        for (const worker of page.workers())
          worker.evaluate("setTimeout(close)").catch(() => undefined);
        return page.evaluate<{
          told: string[];
          asked: string;
          crashes: number;
        }>("miss()");
      }).finally(() => files.set("kernel-worker.js", script));
      const unstarted =
        "WorkerCrash: a worker cannot be started (its script cannot be fetched); see whether the page's server still runs, and try again";
      for (const told of met.told)
        expect([unstarted, "WorkerCrash: a worker stopped"]).toContain(told);
      expect(met.asked).toBe(unstarted);
      expect(met.crashes).toBeLessThan(12);
    },
  );
});
