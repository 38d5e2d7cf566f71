// Who may use a queue: passwords, the fewest rights, and certificates; and what is said where it cannot be used.

import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { readFileSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { Queue, Worker } from "bullmq";
import { afterAll, expect, test, vi } from "vitest";
import { main } from "../../src/cli/main.ts";
import { PREFIX, TRIALS } from "../../src/pool/queue/server.node.ts";
import { stage } from "../cli/fakes.ts";
import { expected } from "./expected.mjs";
import { freePort, hasRedis, KEEPING, RedisServer } from "./redis.mjs";
import { Started } from "./start.mjs";

// Of machines that do much else.
vi.setConfig({ testTimeout: 300_000 });
const there = test.skipIf(!hasRedis);
const BIN = fileURLToPath(new URL("../../bin/widthwise.js", import.meta.url));
const servers: RedisServer[] = [];
const started: Started[] = [];
afterAll(async () => {
  await Promise.all(started.map((one) => one.end()));
  await Promise.all(servers.map((one) => one.remove()));
});

/** What sets a server up, the first command of which makes its certificate. */
const RECIPE = readFileSync(new URL("../../docs/recipes/redis.conf", import.meta.url), "utf8");

async function server(...settings: readonly string[]): Promise<RedisServer> {
  const made = new RedisServer([...KEEPING, ...settings]);
  servers.push(made);
  return made.start();
}

/** What `widthwise queue` says, and its exit code. */
async function ask(address: string, env: Record<string, string> = {}, ...more: string[]) {
  const { context, out, err } = stage();
  const status = await main(["queue", "--queue", address, ...more], { ...context, env });
  return { status, said: (out() + err()).trim() };
}

/** The same of a process. */
function askApart(address: string, env: Record<string, string>) {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [BIN, "queue", "--queue", address],
    { encoding: "utf8", env: { ...process.env, ...env } },
  );
  return { status, said: (stdout + stderr).trim() };
}

const withPassword = (password: string) => ({ WIDTHWISE_QUEUE_PASSWORD: password });

/** Holds an answer against its exit code and what it is to say. */
function hold(
  { status, said }: { readonly status: number | null; readonly said: string },
  expected: number,
  pattern: RegExp,
): void {
  expect(said).toMatch(pattern);
  expect(said.split("\n")).toHaveLength(1 + (expected === 0 ? 2 : 0));
  expect(status).toBe(expected);
}

there("what is wrong with a server is said in a sentence", async () => {
  const none = await ask(`redis://127.0.0.1:${await freePort()}`);
  hold(none, 1, /^queue redis:\/\/127.*: no connection to the server \(ECONNREFUSED\)$/);
  const { address, port } = await server("--requirepass", "secret");
  hold(await ask(address), 2, /wants a password; give it in WIDTHWISE_QUEUE_PASSWORD/);
  hold(await ask(address, withPassword("wrong")), 2, /refuses the user or the password/);
  hold(
    await ask(`redis://:secret@127.0.0.1:${port}`),
    2,
    /^--queue: the address has a password, which others could read off the command line; give it in WIDTHWISE_QUEUE_PASSWORD/,
  );
  hold(await ask(address, withPassword("secret")), 0, /0 jobs waiting, 0 under way, 0 failed/);
  hold(
    await ask(`rediss://127.0.0.1:${port}`, withPassword("secret")),
    2,
    /^queue rediss:\/\/127.*: the server speaks no TLS; give redis:\/\/ in the place of rediss:\/\/,/,
  );
  // One that waits for the end of a line tells nothing of what it does not know.
  const silent = createServer((socket) => {
    socket.once("data", (asked) => String(asked) === "PING\r\n" && socket.write("+PONG\r\n"));
  }).listen(0, "127.0.0.1");
  await once(silent, "listening");
  const { port: silents } = silent.address() as AddressInfo;
  const began = performance.now();
  hold(await ask(`rediss://127.0.0.1:${silents}`), 2, /: the server speaks no TLS; give redis:/);
  expect(performance.now() - began).toBeLessThan(9000);
  silent.close();
  hold(await ask("http://lab"), 2, /expected an address such as rediss/);
  const info = "$20\r\nredis_version:6.2.70\r\n";
  const old = createServer((socket) => {
    socket.on("data", (asked) => {
      // Each command begins with the number of its words.
      for (const command of String(asked)
        .split(/^\*\d+\r\n/m)
        .slice(1))
        socket.write(/info\r\n/i.test(command) && !/client/i.test(command) ? info : "+OK\r\n");
    });
  }).listen(0, "127.0.0.1");
  await once(old, "listening");
  const { port: olds } = old.address() as AddressInfo;
  const said = await ask(`redis://127.0.0.1:${olds}`);
  old.close();
  hold(said, 1, /: the server is version 6\.2; expected Redis 7 or later, or Valkey$/);
});

there(
  "a server by its recipe: its certificate is trusted by who has it, its user has the rights that suffice",
  async () => {
    const made = new RedisServer([]);
    servers.push(made);
    const openssl = /openssl .*/.exec(RECIPE)?.[0].replace("DNS:lab", "DNS:localhost,IP:127.0.0.1");
    expect(spawnSync("sh", ["-c", openssl ?? ""], { cwd: made.folder }).status).toBe(0);
    made.port = await freePort();
    const settings = RECIPE.replace(/^tls-port .*/m, `tls-port ${made.port}`)
      .replace(">PASSWORD", ">pw")
      .concat("user reader on >pw ~widthwise:* +@read +@connection +info\n");
    made.settings = settings.split("\n").flatMap((line) => {
      const [name, ...values] = line.split(" ");
      return /^[a-z]/.test(line) ? [`--${name}`, ...values] : [];
    });
    await made.start();
    const address = `rediss://lab@localhost:${made.port}`;
    expect((await ask(address, withPassword("pw"))).said).toMatch(
      /no secure connection .*NODE_EXTRA_CA_CERTS/,
    );
    hold(
      await ask(address.replace("rediss:", "redis:"), withPassword("pw")),
      2,
      /^queue redis:\/\/localhost.*: the server speaks TLS; give rediss:\/\/ in the place of redis:\/\/$/,
    );
    const env = { ...withPassword("pw"), NODE_EXTRA_CA_CERTS: join(made.folder, "lab.crt") };
    for (const host of ["localhost", "127.0.0.1"])
      hold(askApart(`rediss://lab@${host}:${made.port}`, env), 0, /^0 workers/);
    expect(askApart(`rediss://reader@localhost:${made.port}`, env).said).toContain(
      "may not do what the queue takes",
    );
    const nobody = askApart(`rediss://localhost:${made.port}`, {
      ...env,
      WIDTHWISE_QUEUE_PASSWORD: "",
    });
    hold(nobody, 2, /the server wants a password/);
    const store = join(made.folder, "store.db");
    const run = new Started(["coordinator", address, store, "momentum"], { env });
    started.push(run);
    // What waits there outlives the server, though nobody offers it again.
    const waiting = /^4 jobs waiting, 0 under way/m;
    await expect.poll(() => askApart(address, env).said, { timeout: 120_000 }).toMatch(waiting);
    run.signal("SIGSTOP");
    await setTimeout(1500);
    await made.end();
    await made.start();
    expect(askApart(address, env).said).toMatch(waiting);
    run.signal("SIGCONT");
    const worker = new Started(["worker", address, "1"], { env });
    started.push(worker);
    expect(await run.fingerprints()).toEqual(await expected(["momentum"]));
    expect(await worker.end("SIGTERM")).toEqual([0, null]);
    expect(worker.stdout + worker.stderr + run.stderr).not.toContain("NOPERM");
  },
);

test("the page's rights are those of the recipe", () => {
  const page = readFileSync(new URL("../../docs/many-machines.md", import.meta.url), "utf8");
  const rights = /^user lab (.*)$/m.exec(RECIPE)?.[1];
  expect(page).toContain(`\nACL SETUSER lab ${rights}\n`);
});

there("a password may come from a file; clear takes widthwise's own keys alone", async () => {
  const redis = await server("--requirepass", "secret");
  const file = join(redis.folder, "password");
  writeFileSync(file, "secret\n");
  const look = async (...args: string[]) =>
    (await ask(redis.address, {}, "--password-file", file, ...args)).said;
  const { Redis } = await import("ioredis");
  const other = new Redis(redis.port, "127.0.0.1", { password: "secret" });
  await other.set("theirs", "1");
  await other.set("widthwise:ours", "1");
  const strange = { id: "x", name: "\u001b[2Jx\ny", release: "", threads: 0 };
  await other.sadd("widthwise:coordinators", "x");
  await other.set("widthwise:coordinator:x", JSON.stringify(strange));
  expect(await look()).toMatch(/^1 running study\n {3}\[2Jx y$/m);
  await other.del("widthwise:coordinator:x");
  const at = {
    connection: { host: "127.0.0.1", port: redis.port, password: "secret" },
    prefix: PREFIX,
  };
  const jobs = new Queue(TRIALS, at);
  await jobs.add("job", {});
  const failing = new Worker(TRIALS, () => Promise.reject(new Error("bo\u001bom")), at);
  await once(failing, "failed");
  for (const one of [failing, jobs]) await one.close();
  expect(await look()).toMatch(/1 failed\n {2}0 trials, the first of width unknown: bo om$/);
  const worker = new Started(["worker", redis.address, "1"], { env: withPassword("secret") });
  started.push(worker);
  await expect.poll(() => look(), { timeout: 120_000 }).toMatch(/^1 worker of 1 thread\n/);
  expect(await look("--clear")).toContain("1 worker would lose what is under way");
  expect(await other.exists("widthwise:ours")).toBe(1);
  expect(await look("--clear", "--force")).toMatch(/^\d+ entries removed$/);
  await worker.end("SIGTERM");
  expect(await look("--clear")).toMatch(/entr(y|ies) removed/);
  expect(await other.keys("*")).toEqual(["theirs"]);
  other.disconnect();
  expect(await look("--password-file", "/none")).toContain("cannot be read (ENOENT)");
});

test("where bullmq is not installed, a sentence says how it is", () => {
  // Neither is found, as where nobody has installed them.
  const hook = `export const resolve = (name, context, next) => next(name === "bullmq" ? "not-installed" : name, context)`;
  const register = `import { register } from "node:module"; register(${JSON.stringify(`data:text/javascript,${encodeURIComponent(hook)}`)})`;
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(register)}` };
  hold(
    askApart("redis://127.0.0.1:1", env),
    2,
    /^--queue: bullmq is not installed; npm install bullmq ioredis$/,
  );
});
