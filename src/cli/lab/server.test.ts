// That the lab's server gives its own page to its own machine, and nothing to anybody else.

import { once } from "node:events";
import { request, type IncomingMessage, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  isLoopback,
  namesOf,
  serveLab,
  type Asked,
  type LabApi,
  type LabServer,
  type ServedFile,
} from "./server.ts";

const files = new Map<string, ServedFile>([
  ["", { type: "text/html", bytes: Buffer.from("<p>the page") }],
  ["lab.js", { type: "text/javascript", bytes: Buffer.from("let width = 8;\n".repeat(100)) }],
  ["chunk-4ZK7Q2AB.js", { type: "text/javascript", bytes: Buffer.from("let depth = 2;") }],
]);

const cookieOf = ({ address }: LabServer) => `widthwise-lab-${new URL(address).port}`;

let server: LabServer;
beforeAll(async () => {
  server = await serveLab({ files, host: "127.0.0.1", port: 0, token: null });
});
afterAll(() => server.close());

interface Answered {
  readonly status: number | undefined;
  readonly headers: IncomingMessage["headers"];
  readonly text: string;
}

async function ask(
  path = "/",
  { method = "GET", body = "", ...headers }: Record<string, string> = {},
  at = server,
): Promise<Answered> {
  const { hostname, port } = new URL(at.address);
  const asked = request({ host: hostname, port, path, method, headers });
  asked.end(body);
  const [response] = (await once(asked, "response")) as [IncomingMessage];
  const pieces: Buffer[] = [];
  for await (const piece of response) pieces.push(piece as Buffer);
  const { statusCode: status } = response;
  return { status, headers: response.headers, text: Buffer.concat(pieces).toString() };
}

test("the page is given with a policy that lets nothing else in", async () => {
  const { status, headers, text } = await ask();
  expect({ status, text }).toEqual({ status: 200, text: "<p>the page" });
  expect(String(headers["content-security-policy"]).split("; ")).toEqual([
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ]);
  expect(headers).toMatchObject({
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-embedder-policy": "require-corp",
    "cross-origin-resource-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
  });
});

test("HEAD is answered as GET, without content", async () => {
  const { status, headers, text } = await ask("/", { method: "HEAD" });
  expect({ status, text, length: headers["content-length"] }).toEqual({
    ...{ status: 200, text: "", length: "11" },
  });
});

test("scripts come compressed where that is understood", async () => {
  const [plain, packed] = [
    await ask("/lab.js"),
    await ask("/lab.js", { "Accept-Encoding": "gzip, br" }),
  ];
  expect(plain.headers["content-encoding"]).toBeUndefined();
  expect(packed.headers["content-encoding"]).toBe("br");
  expect(Number(packed.headers["content-length"])).toBeLessThan(plain.text.length / 5);
});

test("scripts that are named by their content are kept by browsers, others asked for anew", async () => {
  const kept = async (path: string) => (await ask(path)).headers["cache-control"];
  expect(await kept("/chunk-4ZK7Q2AB.js")).toBe("max-age=31536000, immutable");
  for (const path of ["/", "/lab.js"]) expect(await kept(path)).toBe("no-cache");
});

test.each<[string, string, Record<string, string>, number]>([
  ["a name of another's for this address (DNS rebinding)", "/", { Host: "evil.example:80" }, 403],
  ["a request that another site's page makes", "/", { Origin: "https://evil.example" }, 403],
  ["a page without an origin", "/", { Origin: "null" }, 403],
  ["what would change something", "/", { method: "POST" }, 405],
  ["what would delete something", "/lab.js", { method: "DELETE" }, 405],
  ["a question what it allows", "/", { method: "OPTIONS" }, 405],
  ["content in a request to read", "/", { "Content-Length": "3", body: "abc" }, 413],
  ["content without a length", "/", { "Transfer-Encoding": "chunked", body: "abc" }, 413],
  ["a file that is none of the page's", "/package.json", {}, 404],
  ["a way out of the folder", "/../../package.json", {}, 404],
  ["the same in disguise", "/%2e%2e/%2e%2e/package.json", {}, 404],
  ["an address as proxies get it", "http://evil.example/", {}, 404],
])("refuses %s", async (_, path, headers, status) => {
  const answered = await ask(path, headers);
  expect(answered.status).toBe(status);
  expect(answered.headers["content-security-policy"]).toContain("default-src 'none'");
});

test("a request whose headers are too long is not read", async () => {
  expect((await ask("/", { Cookie: "a".repeat(9000) })).status).toBe(431);
});

test("its own names and origin are known", async () => {
  const { host, port } = new URL(server.address);
  const localhost = `localhost:${port}`;
  expect((await ask("/", { Host: localhost, Origin: `http://${localhost}` })).status).toBe(200);
  expect((await ask("/", { Host: host, Origin: `http://${localhost}` })).status).toBe(403);
});

test("whose name or origin only looks like its own is refused", async () => {
  const { host, port } = new URL(server.address);
  for (const other of [`evil.example:${port}`, `127.0.0.1.evil.example:${port}`, "127.0.0.1"])
    expect((await ask("/", { Host: other })).status).toBe(403);
  const others = ["https://", "http://evil.example@", "http://evil."].map((begin) => begin + host);
  for (const origin of [...others, `http://${host}1`, `http://${host}.evil.example`])
    expect((await ask("/", { Origin: origin })).status).toBe(403);
});

test("at an address of the sixth version it is named as in addresses", async ({ skip }) => {
  const options = { files, host: "::1", port: 0, token: null };
  const other = await serveLab(options).catch(() => null);
  if (other === null) return skip("this machine has no ::1");
  const { host } = new URL(other.address);
  expect(host).toMatch(/^\[::1\]:\d+$/);
  expect((await fetch(other.address)).status).toBe(200);
  await other.close();
});

test("so many connections are open at once, and no more", async () => {
  const { hostname, port } = new URL(server.address);
  const sockets = Array.from({ length: 70 }, () => connect(Number(port), hostname));
  const closed = sockets.map((socket) => {
    socket.on("error", () => undefined);
    return new Promise<number>((resolve) =>
      socket.once("close", () => {
        resolve(1);
      }),
    );
  });
  await Promise.all(closed.slice(64));
  for (const socket of sockets) socket.destroy();
  await Promise.all(closed);
  expect((await ask()).status).toBe(200);
});

describe("with a token", () => {
  let shared: LabServer;
  const asked: Asked[] = [];
  const api: LabApi = {
    token: "the page's",
    answer(one) {
      asked.push(one);
      const stream = (response: ServerResponse) => response.end("data: 1");
      return Promise.resolve({ type: "text/event-stream", stream });
    },
  };
  beforeAll(async () => {
    shared = await serveLab({ files, host: "127.0.0.1", port: 0, token: "a-token", api });
  });
  afterAll(() => shared.close());

  test("nobody gets anything without it", async () => {
    for (const path of ["/", "/lab.js", "/?token=another", "/?token="])
      expect((await ask(path, {}, shared)).status).toBe(403);
  });

  test.each(["studies", "events", "token", `studies/${"0".repeat(64)}/report`])(
    "nobody asks for %s without it",
    async (path) => {
      const { origin } = new URL(shared.address);
      for (const cookie of [
        undefined,
        `${cookieOf(shared)}=another`,
        `${cookieOf(shared)}=a`,
        `${cookieOf(shared)}=`,
        // Of a lab at another port.
        `${cookieOf(server)}=a-token`,
        "other=a-token",
      ])
        for (const method of ["GET", "HEAD", "POST"]) {
          const change = { Origin: origin, "X-Widthwise-Token": api.token, "Content-Length": "0" };
          const headers = { ...(cookie && { Cookie: cookie }), ...(method === "POST" && change) };
          const { status, text } = await ask(`/api/${path}`, { method, ...headers }, shared);
          const why = method === "HEAD" ? "" : "open the address that widthwise lab has told, with its token\n"; // prettier-ignore
          expect({ status, text }).toEqual({ status: 403, text: why });
        }
      expect(asked).toEqual([]);
    },
  );

  test("it is told once, and kept from scripts and other sites", async () => {
    const { status, headers } = await ask("/?token=a-token", {}, shared);
    expect({ status, to: headers.location }).toEqual({ status: 303, to: "./" });
    const [cookie] = headers["set-cookie"] ?? [];
    expect(cookie).toBe(`${cookieOf(shared)}=a-token; HttpOnly; SameSite=Strict; Path=/`);
    const Cookie = cookie.split(";")[0];
    expect((await ask("/lab.js", { Cookie }, shared)).status).toBe(200);
    expect((await ask("/api/events", { Cookie }, shared)).text).toBe("data: 1");
  });
});

test("at all of the machine's addresses it has any name, and asks for its token", async () => {
  const open = await serveLab({ files, host: "0.0.0.0", port: 0, token: "a-token" });
  const { hostname, port, search } = new URL(open.address);
  expect([hostname, search]).toEqual(["localhost", "?token=a-token"]);
  const at = { ...open, address: `http://127.0.0.1:${port}/` };
  const Host = `192.168.1.20:${port}`;
  expect((await ask("/", { Host }, at)).status).toBe(403);
  expect((await ask("/", { Host, Cookie: `${cookieOf(open)}=a-token` }, at)).status).toBe(200);
  await open.close();
});

test.each<[string, number, string[]]>([
  ["127.0.0.1", 8421, ["127.0.0.1:8421", "localhost:8421"]],
  ["127.0.0.1", 80, ["127.0.0.1", "localhost"]],
  ["192.168.1.20", 8421, ["192.168.1.20:8421"]],
  ["::1", 80, ["[::1]", "localhost"]],
  ["fd00:0:0::1", 8421, ["[fd00::1]:8421"]],
])("at %s, port %i, it is called as browsers call it", (host, port, names) => {
  expect(namesOf(host, port)).toEqual(names);
});

test("a port that is taken is told in a sentence", async () => {
  const { port } = new URL(server.address);
  await expect(
    serveLab({ files, host: "127.0.0.1", port: Number(port), token: null }),
  ).rejects.toThrow(`port ${port} is taken; name another one with --port`);
});

test("this machine's own addresses are known from others", () => {
  const addresses = ["127.0.0.1", "127.8.0.1", "::1", "0.0.0.0", "::", "192.168.1.20", "127.evil"];
  expect(addresses.filter(isLoopback)).toEqual(["127.0.0.1", "127.8.0.1", "::1"]);
});
