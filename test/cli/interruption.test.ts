// A process that computes without a pause, and one that does not, told by a signal to end.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";

const MODULE = new URL("../../dist/cli/interruption.js", import.meta.url).href;

/** The end of a process that says "ready", gets the signal then, and does `work` with what listens. */
async function ended(work: string, signal: NodeJS.Signals): Promise<readonly unknown[]> {
  const script = `
    import { setTimeout } from "node:timers/promises";
    import { listenForInterruptions } from ${JSON.stringify(MODULE)};
    const { signal, mortally } = listenForInterruptions();
    signal.addEventListener("abort", () => process.exit(130));
    const say = (word) => process.stdout.write(word);
    const compute = (ms) => { for (const from = Date.now(); Date.now() - from < ms; ); };
    ${work}`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", script], {
    cwd: fileURLToPath(new URL(".", import.meta.url)),
    stdio: ["ignore", "pipe", "inherit"],
  });
  child.stdout.once("data", () => child.kill(signal));
  return once(child, "exit");
}

test("work that computes ends where it stands", async () => {
  const work = 'await mortally(async () => { say("ready"); compute(50_000); });';
  expect(await ended(work, "SIGINT")).toEqual([null, "SIGINT"]);
  expect(await ended(work, "SIGTERM")).toEqual([null, "SIGTERM"]);
});

test("before it and after it a signal is told, also one that had no turn", async () => {
  const after = 'await mortally(async () => compute(1)); say("ready"); await setTimeout(50_000);';
  expect(await ended(after, "SIGINT")).toEqual([130, null]);
  const before =
    'say("ready"); await setTimeout(1); compute(300); await mortally(async () => process.exit(1));';
  expect(await ended(before, "SIGINT")).toEqual([130, null]);
});
