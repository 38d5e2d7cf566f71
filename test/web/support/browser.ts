// A headless Chromium, and what serves pages to it.

import { existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname } from "node:path";
import { chromium, type BrowserContext } from "playwright-core";

/** null where this machine has none. */
export const CHROMIUM =
  [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser"].find(
    (path) => path !== undefined && existsSync(path),
  ) ?? null;

/** Ends a suite's name where it is skipped. */
export const WHY_SKIPPED =
  CHROMIUM === null ? " (skipped: no Chromium; install it, or name it by CHROMIUM)" : "";

/** One context: its pages share what has been loaded. */
export function openChromium(): Promise<BrowserContext> {
  const options = { executablePath: CHROMIUM ?? "", args: ["--no-sandbox"] };
  return chromium.launchPersistentContext("", options);
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html",
  ".css": "text/css",
  ".js": "text/javascript",
  ".wasm": "application/wasm",
};

export interface Site {
  readonly address: string;
  close(): void;
}

/** Files by their paths; isolated pages may share memory. */
export async function serve(
  files: ReadonlyMap<string, string | Uint8Array>,
  isolated: boolean,
): Promise<Site> {
  const server: Server = createServer((request, response) => {
    const path = (request.url ?? "").slice(1).replace(/[?#].*/, "") || "index.html";
    const file = files.get(path);
    response.writeHead(file === undefined ? 404 : 200, {
      "Content-Type": TYPES[extname(path)] ?? "application/octet-stream",
      ...(isolated && {
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Embedder-Policy": "require-corp",
      }),
    });
    response.end(file);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    address: `http://127.0.0.1:${port}/`,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}
