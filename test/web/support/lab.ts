// The lab as a user has it: `widthwise lab` in a process of its own, or its page on a host that does not isolate it.

import { execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import type { Page } from "playwright-core";
import { serve, type Site } from "./browser.ts";

export const BIN = fileURLToPath(new URL("../../../bin/widthwise.js", import.meta.url));
const PAGE = fileURLToPath(new URL("../../../dist/web/", import.meta.url));

/** `kill` ends it as a crash does. */
export async function serveByCommand({
  port = "0",
  store,
}: { readonly port?: string; readonly store?: string } = {}): Promise<
  Site & { kill(): Promise<unknown> }
> {
  const places = ["--port", port, ...(store === undefined ? [] : ["--store", store])];
  const child = spawn(process.execPath, [BIN, "lab", "--no-open", ...places], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const [address] = (await once(createInterface(child.stdout), "line")) as [string];
  return {
    address,
    close: () => {
      child.kill();
    },
    kill() {
      child.kill("SIGKILL");
      return once(child, "exit");
    },
  };
}

export function serveStatic(): Promise<Site> {
  const files = readdirSync(PAGE, { withFileTypes: true }).filter((entry) => entry.isFile());
  const contents = files.map(({ name }) => [name, readFileSync(join(PAGE, name))] as const);
  return serve(new Map(contents), false);
}

/** The command line's fingerprints of a study: of its trials by their points, and of the whole. */
export async function fingerprintsOf(
  text: string,
): Promise<{ fingerprint: string; fingerprints: Record<string, string>; eta_star: number }> {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-lab-"));
  try {
    const file = join(folder, "study.yaml");
    writeFileSync(file, text);
    const places = ["--out", join(folder, "out"), "--store", join(folder, "store.db")];
    const { stdout } = await promisify(execFile)(process.execPath, [
      BIN,
      "run",
      file,
      ...places,
      "--json",
    ]);
    return JSON.parse(stdout) as Awaited<ReturnType<typeof fingerprintsOf>>;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export const linkTo = ({ address }: Site, text: string) =>
  `${address}#${new URLSearchParams({ study: text }).toString()}`;

/** The page with a study, before anything is trained. */
export async function openStudy(page: Page, site: Site, text: string): Promise<void> {
  await page.goto(linkTo(site, text));
  await page.locator(".answer h2").waitFor();
}

export async function train(page: Page): Promise<void> {
  await page.getByRole("button", { name: /^(Start|Go on)$/ }).click();
  await stateIs(page, "done");
}

export async function stateIs(page: Page, state: string): Promise<void> {
  await page.locator(`.status[data-state=${state}]`).waitFor();
}

/** As the page tells them. */
export async function shownFingerprints(page: Page): Promise<string[]> {
  const codes = page.locator(".proofs code");
  return codes.evaluateAll((elements) =>
    elements.map((element) => element.getAttribute("title") ?? ""),
  );
}

/** How often the page's address changes meanwhile. */
export async function putsOf(page: Page, work: () => Promise<void>): Promise<number> {
  await page.evaluate(() => {
    const put = history.replaceState.bind(history);
    Object.assign(globalThis, { puts: 0 });
    history.replaceState = (...asked: Parameters<typeof put>) => {
      (globalThis as unknown as { puts: number }).puts++;
      put(...asked);
    };
  });
  await work();
  return page.evaluate(() => {
    Reflect.deleteProperty(history, "replaceState");
    return (globalThis as unknown as { puts: number }).puts;
  });
}
