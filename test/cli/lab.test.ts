// `widthwise lab` as a user types it: it opens its page on a desktop, and serves it where no browser can be opened.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const BIN = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));

test
  .skipIf(["darwin", "win32"].includes(process.platform))
  .each<[string, string | null, string, string]>([
    ["opens its page", 'printf %s "$1" > "$OPENED"', "", "127.0.0.1"],
    [
      "goes on where that fails",
      'printf %s "$1" > "$OPENED"; exit 3',
      "xdg-open ended with 3",
      "127.0.0.1",
    ],
    [
      "goes on where nothing opens it, with a token for others than this machine",
      null,
      "there is no xdg-open",
      "0.0.0.0",
    ],
  ])("it %s", async (_, opener, why, host) => {
  const folder = mkdtempSync(join(tmpdir(), "widthwise-lab-"));
  const opened = join(folder, "opened");
  if (opener !== null)
    writeFileSync(join(folder, "xdg-open"), `#!/bin/sh\n${opener}\n`, { mode: 0o755 });
  const env = { PATH: folder, DISPLAY: ":0", OPENED: opened };
  const asked = host === "127.0.0.1" ? [] : ["--host", host];
  const places = [...asked, "--port", "0", "--store", join(folder, "store.db")];
  const lab = spawn(process.execPath, [BIN, "lab", ...places], { env });
  try {
    let told = "";
    lab.stderr.on("data", (piece) => (told += String(piece)));
    const [address] = (await once(createInterface(lab.stdout), "line")) as [string];
    const soon = { timeout: 20_000 };
    if (opener !== null) await expect.poll(() => readFileSync(opened, "utf8"), soon).toBe(address);
    const served = "the lab is served there until you interrupt it (Ctrl-C)\n";
    const unopened = why && `no browser opened: ${why}; open the address yourself\n`;
    await expect.poll(() => told, soon).toBe(served + unopened);
    const { origin, search } = new URL(address);
    const page = await (await fetch(origin)).text();
    if (host === "127.0.0.1") {
      expect(search).toBe("");
      expect(page).toContain("<title>widthwise lab</title>");
    } else {
      expect(search).toMatch(/^\?token=[\w-]{24}$/);
      expect(page).toContain("with its token");
    }
    lab.kill("SIGINT");
    expect((await once(lab, "exit"))[0]).toBe(0);
  } finally {
    lab.kill();
    rmSync(folder, { recursive: true, force: true });
  }
});
