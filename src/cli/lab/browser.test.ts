// That the browser is opened where there is a desktop, and that nothing else comes of it where it cannot be.

import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { hasDesktop, openBrowser } from "./browser.ts";

const ADDRESS = "http://127.0.0.1:8421/?token=a-b";

test.each<[string, NodeJS.Platform, NodeJS.ProcessEnv, boolean]>([
  ["X", "linux", { DISPLAY: ":0" }, true],
  ["X, forwarded by ssh", "linux", { DISPLAY: "localhost:10.0", SSH_CONNECTION: "a" }, true],
  ["Wayland", "linux", { WAYLAND_DISPLAY: "wayland-0" }, true],
  ["a console", "linux", {}, false],
  ["an empty display", "freebsd", { DISPLAY: "" }, false],
  ["a Mac", "darwin", {}, true],
  ["a Mac by ssh, whose desktop is elsewhere", "darwin", { SSH_CONNECTION: "a" }, false],
  ["Windows", "win32", {}, true],
])("with %s", (_, platform, env, expected) => {
  expect(hasDesktop(env, platform)).toBe(expected);
});

describe.skipIf(["darwin", "win32"].includes(process.platform))("by xdg-open", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "widthwise-browser-"));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** What was opened, and what was told, when there is something of either or there has been time for it. */
  async function opened(script: string | null, env = { DISPLAY: ":0" }) {
    const told: string[] = [];
    const file = join(folder, "opened");
    if (script !== null) {
      writeFileSync(join(folder, "xdg-open"), `#!/bin/sh\n${script}\n`);
      chmodSync(join(folder, "xdg-open"), 0o755);
    }
    openBrowser(ADDRESS, { PATH: folder, OPENED: file, ...env }, (why) => told.push(why));
    const read = () => (existsSync(file) ? readFileSync(file, "utf8") : "");
    for (let waited = 0; waited < 50 && told.length === 0 && read() === ""; waited++)
      await new Promise((resolve) => setTimeout(resolve, 20));
    return { address: read(), told };
  }

  const NOTE = 'printf %s "$*" > "$OPENED"';

  test("it is given the address, and nothing is told", async () => {
    expect(await opened(NOTE)).toEqual({ address: ADDRESS, told: [] });
  });

  test("it is not called without a display", async () => {
    expect(await opened(NOTE, { DISPLAY: "" })).toEqual({ address: "", told: [] });
  });

  test("that there is none is told", async () => {
    expect(await opened(null)).toEqual({ address: "", told: ["there is no xdg-open"] });
  });

  test("that it has found no browser is told", async () => {
    expect(await opened("exit 3")).toEqual({ address: "", told: ["xdg-open ended with 3"] });
  });
});
