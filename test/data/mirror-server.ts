// A mirror on loopback that behaves as it is told.

import type { ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";

export type Behaviour = (response: ServerResponse, archive: Uint8Array, name: string) => void;

export const sound: Behaviour = (response, archive) => {
  response.writeHead(200, { "Content-Length": archive.length }).end(archive);
};

/** Accepts the request and never answers. */
export const silent: Behaviour = () => undefined;

/** Sends the first half and then nothing more, without closing. */
export const stalling: Behaviour = (response, archive) => {
  response.writeHead(200, { "Content-Length": archive.length });
  response.write(archive.subarray(0, archive.length / 2));
};

/** Closes the connection after half of what it promised. */
export const breaking: Behaviour = (response, archive) => {
  response.writeHead(200, { "Content-Length": archive.length });
  response.write(archive.subarray(0, archive.length / 2), () => response.destroy());
};

/** Sends half as if it were all. */
export const truncating: Behaviour = (response, archive) => {
  sound(response, archive.subarray(0, archive.length / 2), "");
};

export const missing: Behaviour = (response) => {
  response.writeHead(404, { "Content-Type": "text/html" }).end("<h1>Not Found</h1>");
};

/** A login page, as captive portals answer everything. */
export const page: Behaviour = (response) => {
  response.writeHead(200, { "Content-Type": "text/html" }).end("<html>Please log in</html>");
};

export const endless: Behaviour = (response) => {
  response.writeHead(200);
  const more = () => {
    while (response.write(Buffer.alloc(65536)));
  };
  response.on("drain", more);
  more();
};

export interface MirrorServer {
  /** Its folder's address. */
  readonly address: string;
  /** Names of the files asked for so far. */
  readonly requests: readonly string[];
}

/** Serves `archives` under /data/; /moved/NAME redirects there by way of another redirect. */
export async function startMirror(
  archives: ReadonlyMap<string, Uint8Array>,
  behaviour: Behaviour | Record<string, Behaviour>,
): Promise<MirrorServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    const [, folder, name] = (request.url ?? "").split("/");
    if (folder !== "data") {
      const next = folder === "moved" ? "moved-again" : "data";
      response.writeHead(302, { Location: `/${next}/${name}` }).end();
      return;
    }
    requests.push(name);
    const archive = archives.get(name);
    const behave = typeof behaviour === "function" ? behaviour : (behaviour[name] ?? sound);
    if (archive === undefined) missing(response, new Uint8Array(), name);
    else behave(response, archive, name);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { address: `http://127.0.0.1:${port}/data/`, requests };
}
