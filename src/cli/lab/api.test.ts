// What the lab's server does for its own page, and for nobody else: a study is started by that page alone, few at a time.

import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { request, type ClientRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { stage } from "../../../test/cli/fakes.ts";
import { WidthwiseError } from "../../base/errors.ts";
import type { Listing, ServerEvent } from "../../report/watching.ts";
import type { StudyContext } from "../../study/run.ts";
import { effects } from "../effects.ts";
import { labApi } from "./api.ts";
import { serveLab, type LabServer } from "./server.ts";
import { Trainer } from "./trainer.ts";

const folder = mkdtempSync(join(tmpdir(), "widthwise-lab-"));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const study = (name: string) => `name: ${name}
question: Which width interpolates?
dataset: {name: gaussian-clusters, examples: 100}
model: {hidden: [width], init: he}
training: {learning_rate: 0.1, passes: 3}
sweep: {width: [2, 4]}
`;

/** Trains until it is interrupted, or fails at once. */
function endless(begun: string[]) {
  return (study: { readonly name: string }, { signal }: StudyContext) => {
    begun.push(study.name);
    if (study.name === "failing") return Promise.reject(new WidthwiseError("the disk is full"));
    return new Promise<never>((_, reject) => {
      signal?.addEventListener("abort", () => {
        reject(new Error("interrupted"));
      });
    });
  };
}

let count = 0;
let path: string;
let begun: string[];
let server: LabServer;
let api: ReturnType<typeof labApi>;

async function serve(): Promise<void> {
  begun = [];
  const { context } = stage({
    loadDataset: (...asked) => effects.loadDataset(...asked),
    openStore: (...asked) => effects.openStore(...asked),
    runStudy: endless(begun),
  });
  api = labApi({ path, workers: 1, data: undefined, context });
  server = await serveLab({ files: new Map(), host: "127.0.0.1", port: 0, token: null, api });
}

async function end(): Promise<void> {
  await api.close();
  await server.close();
}

beforeEach(async () => {
  path = join(folder, `${++count}.db`);
  await serve();
});
afterEach(end);

function send(
  at: string,
  { method = "GET", body, ...headers }: Record<string, string | undefined> = {},
): ClientRequest {
  const { hostname, port } = new URL(server.address);
  const asked = request({
    ...{ host: hostname, port, path: `/api/${at}`, method, agent: false },
    headers: Object.fromEntries(
      Object.entries(headers).filter((header): header is [string, string] => !!header[1]),
    ),
  });
  asked.on("error", () => undefined);
  asked.end(body);
  return asked;
}

async function ask(
  ...asked: Parameters<typeof send>
): Promise<{ status: number | undefined; text: string }> {
  const [response] = (await once(send(...asked), "response")) as [IncomingMessage];
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  return { status: response.statusCode, text: Buffer.concat(pieces).toString() };
}

const token = async () => (JSON.parse((await ask("token")).text) as { token: string }).token;
const listing = async () => JSON.parse((await ask("studies")).text) as Listing;

/** As the page sends it; `changes` are headers of others. */
async function start(text: string, changes: Record<string, string | undefined> = {}) {
  const own = {
    ...{ method: "POST", body: text, Origin: new URL(server.address).origin },
    ...{ "Sec-Fetch-Site": "same-origin", "X-Widthwise-Token": await token() },
    "Content-Length": String(Buffer.byteLength(text)),
  };
  return ask("studies", { ...own, ...changes });
}

/** What a stream begins with, after which it stays open. */
async function watch(): Promise<{ response: IncomingMessage; first: ServerEvent }> {
  const [response] = (await once(send("events"), "response")) as [IncomingMessage];
  const [piece] = (await once(response, "data")) as [Buffer];
  const [line] = piece.toString().split("\n");
  return { response, first: JSON.parse(line.slice("data: ".length)) as ServerEvent };
}

async function underway(): Promise<readonly { name: string; state: string }[]> {
  const { response, first } = await watch();
  response.destroy();
  if (first.kind !== "underway") throw new Error("the stream begins with what is under way");
  return first.studies.map(({ name, state }) => ({ name, state }));
}

test("a study of the page's is trained, others wait, and all are in the store", async () => {
  for (const name of ["one", "two"]) expect((await start(study(name))).status).toBe(202);
  expect(await underway()).toEqual([
    { name: "one", state: "training" },
    { name: "two", state: "waiting" },
  ]);
  const { studies } = await listing();
  expect(studies.map(({ name, finished }) => ({ name, finished }))).toEqual([
    { name: "two", finished: null },
    { name: "one", finished: null },
  ]);
});

test.each<[string, Record<string, string | undefined>, number]>([
  ["without an origin, as a link and a form of no site's", { Origin: undefined }, 403],
  ["by another site's page", { Origin: "https://evil.example" }, 403],
  ["by another port of this machine", { Origin: "http://127.0.0.1:1" }, 403],
  ["by a page of nobody's", { Origin: "null" }, 403],
  ["across sites, whatever origin it has", { "Sec-Fetch-Site": "cross-site" }, 403],
  ["from the address bar", { "Sec-Fetch-Site": "none" }, 403],
  ["without the page's token", { "X-Widthwise-Token": undefined }, 403],
  ["with another token", { "X-Widthwise-Token": "guessed" }, 403],
  ["under another name (DNS rebinding)", { Host: "evil.example" }, 403],
  ["by a link", { method: "GET", body: undefined, "Content-Length": undefined }, 200],
  ["by what puts files", { method: "PUT" }, 405],
  ["without a length", { "Content-Length": undefined, "Transfer-Encoding": "chunked" }, 411],
])("nothing is started %s", async (_, changes, status) => {
  expect((await start(study("wanted"), changes)).status).toBe(status);
  expect(await underway()).toEqual([]);
  expect((await listing()).studies).toEqual([]);
});

test("a study that is too long is not read", async () => {
  const { status, text } = await start(`${study("long")}#${"-".repeat(65_536)}\n`);
  expect(status).toBe(413);
  expect(text).toContain("at most 65536 bytes");
  expect(await underway()).toEqual([]);
});

test.each([
  ["dataset.path", "dataset: {path: /etc, examples: 100}"],
  ["model.init.path", "model: {hidden: [width], init: {kind: file, path: /etc/passwd}}"],
])("a study of the page's names no file of the machine: %s", async (field, line) => {
  const [section] = line.split(":");
  const text = study("curious").replace(new RegExp(`^${section}: .*$`, "m"), line);
  const { status, text: told } = await start(text);
  expect({ status, told: told.slice(0, told.indexOf(":")) }).toEqual({ status: 400, told: field });
  expect(await underway()).toEqual([]);
});

test("a mistake is told as the command line tells it", async () => {
  const { status, text } = await start(study("wrong").replace("passes: 3", "passes: many"));
  expect(status).toBe(400);
  expect(text).toMatch(/^study\.yaml:5:\d+ training\.passes: expected .*, got "many"/);
});

test("so many studies at once, and no more, however fast they come", async () => {
  const names = ["a", "b", "c", "d", "e", "f", "g"];
  const answers = await Promise.all(names.map((name) => start(study(name))));
  expect(answers.map(({ status }) => status).toSorted()).toEqual([
    202, 202, 202, 202, 202, 429, 429,
  ]);
  expect(await underway()).toHaveLength(5);
  expect(begun).toHaveLength(1);
});

test("the same study twice is one", async () => {
  const [one, other] = [await start(study("same")), await start(study("same"))];
  expect(one).toEqual(other);
  expect(await underway()).toHaveLength(1);
});

test("a study that failed is told of, and may be started again", async () => {
  for (const times of [1, 2]) {
    expect((await start(study("failing"))).status).toBe(202);
    await expect.poll(() => begun).toHaveLength(times);
    await expect.poll(underway).toEqual([{ name: "failing", state: "failed" }]);
  }
});

test("what is asked for while the server ends is kept, and not begun", async () => {
  await api.close();
  expect((await start(study("late"))).status).toBe(202);
  expect((await listing()).studies).toMatchObject([{ name: "late", finished: null }]);
  expect(begun).toEqual([]);
});

test("so many event streams at once, and no more", async () => {
  const streams = await Promise.all(Array.from({ length: 8 }, watch));
  const { status, text } = await ask("events");
  expect({ status, text }).toEqual({
    status: 429,
    text: "8 pages watch this server, which is the most; close one",
  });
  for (const { response } of streams) response.destroy();
  await expect.poll(async () => underway().catch(() => null)).toEqual([]);
});

test("streams that one connection asks for one after the other end with it", async () => {
  const { host, hostname, port } = new URL(server.address);
  const socket = connect(Number(port), hostname);
  socket.write(`GET /api/events HTTP/1.1\r\nHost: ${host}\r\n\r\n`.repeat(8));
  const status = async () => {
    const [response] = (await once(send("events"), "response")) as [IncomingMessage];
    response.destroy();
    return response.statusCode;
  };
  await expect.poll(status).toBe(429);
  socket.destroy();
  await expect.poll(async () => underway().catch(() => null)).toEqual([]);
});

test("other sites' pages cannot even ask", async () => {
  for (const at of ["studies", "claims", "events"])
    for (const site of ["cross-site", "same-site"])
      expect((await ask(at, { "Sec-Fetch-Site": site })).status).toBe(403);
});

test("what was asked for survives the server, and goes on when somebody says so", async () => {
  const ids = [];
  for (const name of ["one", "two"])
    ids.push((JSON.parse((await start(study(name))).text) as { id: string }).id);
  await end();
  await serve();
  expect(await underway()).toEqual([]);
  expect(begun).toEqual([]);
  expect((await listing()).studies.map(({ id }) => id).toSorted()).toEqual(ids.toSorted());
  const change = async (at: string) =>
    ask(at, {
      ...{ method: "POST", Origin: new URL(server.address).origin, "Content-Length": "0" },
      "X-Widthwise-Token": await token(),
    });
  expect((await ask(`studies/${ids[1]}/go-on`)).status).toBe(404);
  expect((await change(`studies/${ids[1]}/go-on`)).status).toBe(202);
  expect(await underway()).toEqual([{ name: "two", state: "training" }]);
  expect((await change(`studies/${ids[1]}/stop`)).status).toBe(200);
  await expect.poll(underway).toEqual([]);
  expect((await change(`studies/${"0".repeat(64)}/go-on`)).status).toBe(400);
});

test("with what has been answered nobody goes on", async () => {
  const trainer = new Trainer({} as never);
  const kept = { id: "0".repeat(64), name: "done", finished: "2026-01-01", specification: "{}" };
  await expect(trainer.goOn(kept as never)).rejects.toThrow("study done: it has been answered");
  expect(trainer.underway).toEqual([]);
});

test("claims are listed with studies that can be read again", async () => {
  const claims = JSON.parse((await ask("claims")).text) as { name: string; text: string }[];
  expect(claims.length).toBeGreaterThan(10);
  expect(claims.find(({ name }) => name === "homework")?.text).toContain("fashion-mnist");
});
