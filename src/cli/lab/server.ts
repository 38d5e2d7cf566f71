// Serves the lab's page to this machine alone: a fixed list of files, and what its api answers. Knows no study and no store.

import { createReadStream, type ReadStream } from "node:fs";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createHash, timingSafeEqual } from "node:crypto";
import { isIP, isIPv6, type AddressInfo } from "node:net";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { WidthwiseError } from "../../base/errors.ts";

/** A file that may be asked for: its bytes, or where they lie. */
export type ServedFile = { readonly type: string } & (
  { readonly bytes: Buffer } | { readonly path: string; readonly size: number }
);

/** What a page asks; the path has no `api/` in front. */
export interface Asked {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly text: string;
}

export type Answer = {
  readonly status?: number;
  readonly type: string;
  readonly headers?: Readonly<Record<string, string>>;
} & ({ readonly body: string } | { readonly stream: (response: ServerResponse) => void });

/** Answers below `api/`. */
export interface LabApi {
  /** What a page must have that changes something: its own alone can read it. */
  readonly token: string;
  answer(asked: Asked): Promise<Answer>;
}

export interface LabServerOptions {
  /** By their paths, without a slash in front; "" is the page. */
  readonly files: ReadonlyMap<string, ServedFile>;
  /** An IP address to listen at. */
  readonly host: string;
  /** 0 for any that is free. */
  readonly port: number;
  /** Who asks must have it; null where this machine alone can ask. */
  readonly token: string | null;
  /** Left out where files are all. */
  readonly api?: LabApi;
}

export interface LabServer {
  /** Of the page, with the token. */
  readonly address: string;
  close(): Promise<void>;
}

const MOST_CONNECTIONS = 64;
const HEADER_BYTES = 8192;
const TEXT_BYTES = 65_536;
const API = "api/";
/** Where a request may come from: the page, or what the user has typed. */
const OWN_SITES = ["same-origin", "none"];

const HEADERS = {
  // Kernel code is compiled; nothing else is made of text, and nothing comes from elsewhere.
  "Content-Security-Policy": [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "worker-src 'self'",
    "style-src 'self'",
    "img-src 'self' blob:",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  // Isolated pages may share memory with their workers.
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Referrer-Policy": "no-referrer",
  "X-Content-Type-Options": "nosniff",
  "Cache-Control": "no-cache",
};

/** Scripts whose names tell their content: browsers need not ask for them again. */
const LASTING = /^[\w-]+-[0-9A-Z]{8}\.js$/;

/** Throws WidthwiseError where it cannot listen there. */
export async function serveLab(options: LabServerOptions): Promise<LabServer> {
  const { host, port, token } = options;
  const server = createServer({
    ...{ maxHeaderSize: HEADER_BYTES, headersTimeout: 10_000, requestTimeout: 30_000 },
  });
  server.maxConnections = MOST_CONNECTIONS;
  await listen(server, host, port);
  const names = namesOf(host, (server.address() as AddressInfo).port);
  server.on("request", answering(options, isAny(host) ? null : names));
  const shown = names[isAny(host) ? 1 : 0];
  return {
    address: `http://${shown}/${token === null ? "" : `?token=${token}`}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

/** As browsers write them: they leave out port 80, and shorten addresses of the sixth version. */
export function namesOf(host: string, port: number): string[] {
  const written = (name: string) => new URL(`http://${name}:${port}`).host;
  const names = [written(isIPv6(host) ? `[${host}]` : host)];
  return isLoopback(host) || isAny(host) ? [...names, written("localhost")] : names;
}

export function isLoopback(host: string): boolean {
  return host === "::1" || (isIP(host) === 4 && host.startsWith("127."));
}

/** Whether it stands for all addresses of the machine. */
function isAny(host: string): boolean {
  return host === "0.0.0.0" || host === "::";
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const sentence =
        cause.code === "EADDRINUSE"
          ? `port ${port} is taken; name another one with --port, or --port 0 for any that is free`
          : `the lab cannot be served at ${host}, port ${port} (${cause.code ?? cause.message}); name another one with --port or --host`;
      reject(new WidthwiseError(sentence, { cause }));
    });
    server.listen(port, host, resolve);
  });
}

/** `names` are those that a request may call this server by; null for any. */
function answering({ files, token, api }: LabServerOptions, names: readonly string[] | null) {
  const packed = new Map<string, Buffer>();
  return (request: IncomingMessage, response: ServerResponse): void => {
    const { method = "", headers, url = "" } = request;
    const { host = "", origin } = headers;
    const refuse = (status: number, why: string, more: Record<string, string> = {}) => {
      response.writeHead(status, { ...HEADERS, "Content-Type": "text/plain", ...more });
      response.end(method === "HEAD" ? undefined : `${why}\n`);
    };
    // A page of another site may know this address: by a name of its own for it, or as its own requests' aim.
    if (names !== null && !names.includes(host)) {
      refuse(403, "this server has another name");
      return;
    }
    if (origin !== undefined && origin !== `http://${host}`) {
      refuse(403, "this server answers its own page alone");
      return;
    }
    const [path, query = ""] = url.slice(1).split("?");
    const asks = path.startsWith(API) ? api : undefined;
    // What no page of its own asks for: other sites' pages can, with neither content nor origin.
    if (asks !== undefined && !OWN_SITES.includes(headers["sec-fetch-site"] ?? "none")) {
      refuse(403, "this server answers its own page alone");
      return;
    }
    const isChange = method === "POST" && asks !== undefined;
    if (method !== "GET" && method !== "HEAD" && !isChange) {
      refuse(405, "this server is read, and nothing else", { Allow: "GET, HEAD" });
      return;
    }
    if (!isChange && hasContent(headers)) {
      refuse(413, "a request to read has no content", { Connection: "close" });
      return;
    }
    // Browsers send a cookie to all ports of its host, so that two labs there need two names.
    const cookie = `widthwise-lab-${request.socket.localPort}`;
    if (token !== null && !hasToken(headers.cookie, cookie, token)) {
      if (!isSame(new URLSearchParams(query).get("token") ?? "", token))
        refuse(403, "open the address that widthwise lab has told, with its token");
      else
        refuse(303, "", {
          Location: "./",
          "Set-Cookie": `${cookie}=${token}; HttpOnly; SameSite=Strict; Path=/`,
        });
      return;
    }
    if (asks !== undefined) {
      const problem = isChange ? problemOfChange(headers, asks) : null;
      if (problem !== null) {
        refuse(...problem, { Connection: "close" });
        return;
      }
      const change = { method: isChange ? "POST" : "GET", path: path.slice(API.length) } as const;
      void textOf(request).then(
        async (text) => {
          send(response, await asks.answer({ ...change, text }), method === "HEAD");
        },
        () => response.destroy(),
      );
      return;
    }
    const file = files.get(path);
    if (file === undefined) {
      refuse(404, "there is no such file");
      return;
    }
    const { content, encoding, length } = contentOf(path, file, headers["accept-encoding"], packed);
    response.writeHead(200, {
      ...HEADERS,
      "Content-Type": file.type,
      "Content-Length": length,
      ...(LASTING.test(path) && { "Cache-Control": "max-age=31536000, immutable" }),
      ...(encoding === null ? {} : { "Content-Encoding": encoding, Vary: "Accept-Encoding" }),
    });
    if (method === "HEAD") response.end();
    else if (Buffer.isBuffer(content)) response.end(content);
    else streamTo(response, content());
  };
}

function hasContent(headers: IncomingHttpHeaders): boolean {
  return Number(headers["content-length"] ?? 0) > 0 || "transfer-encoding" in headers;
}

/** What changes something comes from the page itself, by a script of its own, and is short. */
function problemOfChange(
  headers: IncomingHttpHeaders,
  { token }: LabApi,
): [status: number, why: string] | null {
  const { origin, "sec-fetch-site": site = "same-origin", "content-length": length } = headers;
  if (origin === undefined || site !== "same-origin")
    return [403, "this server is asked to do something by its own page alone"];
  if (!isSame(String(headers["x-widthwise-token"] ?? ""), token))
    return [403, "reload the page, whose server was started anew"];
  if (length === undefined || "transfer-encoding" in headers)
    return [411, "what is sent tells its length"];
  if (Number(length) > TEXT_BYTES)
    return [
      413,
      `a study of a page has at most ${TEXT_BYTES} bytes; run a longer one with widthwise run`,
    ];
  return null;
}

/** No longer than its told length, which the protocol's reader sees to. */
async function textOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(pieces));
}

function send(response: ServerResponse, answer: Answer, isHead: boolean): void {
  const { status = 200, type, headers } = answer;
  const told = "body" in answer ? { "Content-Length": Buffer.byteLength(answer.body) } : {};
  response.writeHead(status, { ...HEADERS, "Content-Type": type, ...headers, ...told });
  if (isHead) response.end();
  else if ("body" in answer) response.end(answer.body);
  else answer.stream(response);
}

/** Its best takes a second of the first visit for a fifteenth of the bytes. */
const BROTLI = { params: { [constants.BROTLI_PARAM_QUALITY]: 7 } };

/** Compressed once, where it is worth it. */
function contentOf(
  path: string,
  file: ServedFile,
  accepted: string | string[] = "",
  packed: Map<string, Buffer>,
): { content: Buffer | (() => ReadStream); encoding: string | null; length: number } {
  if ("path" in file)
    return { content: () => createReadStream(file.path), encoding: null, length: file.size };
  const isText = /^text|javascript|svg/.test(file.type);
  const encoding = ["br", "gzip"].find((name) => String(accepted).includes(name)) ?? null;
  if (!isText || encoding === null)
    return { content: file.bytes, encoding: null, length: file.bytes.length };
  const name = `${encoding} ${path}`;
  const content =
    packed.get(name) ??
    (encoding === "br" ? brotliCompressSync(file.bytes, BROTLI) : gzipSync(file.bytes));
  packed.set(name, content);
  return { content, encoding, length: content.length };
}

function streamTo(response: ServerResponse, content: ReadStream): void {
  content.on("error", () => {
    response.destroy();
  });
  response.on("close", () => {
    content.destroy();
  });
  content.pipe(response);
}

function hasToken(cookies = "", cookie: string, token: string): boolean {
  return cookies.split(/;\s*/).some((one) => {
    const [name, value = ""] = one.split("=");
    return name === cookie && isSame(value, token);
  });
}

/** In a time that tells nothing of where they differ. */
function isSame(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => createHash("sha256").update(text).digest());
  return timingSafeEqual(a, b);
}
