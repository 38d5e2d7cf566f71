// The files that the lab's page consists of: the built ones, and published data sets that are on this machine.

import { readdirSync, readFileSync, statSync } from "node:fs";
import { extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { WidthwiseError } from "../../base/errors.ts";
import { FASHION_MNIST } from "../../data/sets/fashion-mnist.ts";
import { defaultCacheDirectory } from "../../data/sources/cache.node.ts";
import type { ServedFile } from "./server.ts";

const PAGE = new URL("../../../dist/web/", import.meta.url);

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};

/** `data`: a folder that is looked in first. Throws WidthwiseError where the page has not been built. */
export function labFiles(data: string | undefined): Map<string, ServedFile> {
  const files = new Map<string, ServedFile>();
  for (const name of builtNames()) {
    const type = TYPES[extname(name)] ?? "application/octet-stream";
    files.set(name, { type, bytes: readFileSync(new URL(name, PAGE)) });
  }
  const page = files.get("index.html");
  if (page === undefined) throw notBuilt();
  const images = fashionMnist(data);
  files.set("", served(page, images.length === 0 ? "" : FASHION_MNIST.name));
  for (const [name, path] of images)
    files.set(`${FASHION_MNIST.name}/${name}`, {
      ...{ type: "application/gzip", path, size: statSync(path).size },
    });
  return files;
}

/** The page, told that there is a server to ask, and which data set lies beside it. */
function served(page: ServedFile, dataset: string): ServedFile {
  if (!("bytes" in page)) return page;
  const marked = page.bytes
    .toString()
    .replace(/(?<=name="widthwise-datasets" content=")[^"]*/, dataset)
    .replace("</head>", '  <meta name="widthwise-server" content="yes" />\n  </head>');
  return { ...page, bytes: Buffer.from(marked) };
}

function builtNames(): string[] {
  try {
    const entries = readdirSync(fileURLToPath(PAGE), { withFileTypes: true });
    return entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  } catch (cause) {
    throw notBuilt(cause);
  }
}

function notBuilt(cause?: unknown): WidthwiseError {
  return new WidthwiseError("the lab's page is missing: run `npm run build`", { cause });
}

/** All of its files, or none; the page checks them. */
function fashionMnist(data: string | undefined): (readonly [name: string, path: string])[] {
  const { name, files, debian } = FASHION_MNIST;
  const folders = [
    ...(data === undefined ? [] : [data]),
    defaultCacheDirectory(name),
    debian.directory,
  ];
  for (const folder of folders) {
    const found = files.map(
      (file) => [`${file.name}.gz`, join(folder, `${file.name}.gz`)] as const,
    );
    if (found.every(([, path]) => statSync(path, { throwIfNoEntry: false })?.isFile()))
      return found;
  }
  return [];
}
