// A mirror as a source: files are fetched gzipped over HTTP or HTTPS, all at once, into memory.

import { WidthwiseError } from "../../base/errors.ts";
import type { IdxFile } from "../formats/idx-dataset.ts";
import type { DownloadProgress, FoundFile, Source } from "./source.ts";
import { findEach } from "./source.ts";
import { packedLimit, unpack } from "./unpack.node.ts";

export interface MirrorOptions {
  readonly fetch: typeof fetch;
  /** Milliseconds without a byte after which a mirror is given up. */
  readonly idleTimeout: number;
  readonly signal: AbortSignal | undefined;
  readonly onProgress: ((progress: DownloadProgress) => void) | undefined;
}

/** `address` is a folder's, ending in a slash. */
export function mirrorSource(address: string, options: MirrorOptions): Source {
  return {
    name: address,
    remote: true,
    find: (files) => findEach(files, (file) => findFile(address, file, options)),
  };
}

async function findFile(
  address: string,
  file: IdxFile,
  options: MirrorOptions,
): Promise<FoundFile> {
  const name = `${file.name}.gz`;
  const packed = await download(address, name, packedLimit(file), options);
  return { file, packed, content: await unpack(packed, file, name) };
}

/**
 * @throws WidthwiseError where the mirror fails, sends nothing for too long or too much.
 * @throws the signal's reason where that aborts.
 */
async function download(
  address: string,
  name: string,
  limit: number,
  { fetch, idleTimeout, signal, onProgress }: MirrorOptions,
): Promise<Uint8Array> {
  signal?.throwIfAborted();
  const idle = new AbortController();
  const timer = setTimeout(() => {
    idle.abort(new WidthwiseError(`${name}: silent for ${idleTimeout / 1000} s`));
  }, idleTimeout);
  let received: number | null = null;
  onProgress?.({ source: address, file: name, received: 0, total: null });
  try {
    const response = await fetch(new URL(name, address), {
      // An archive compressed once more on the way would arrive unpacked, and its length be unknown.
      headers: { "Accept-Encoding": "identity" },
      signal: signal === undefined ? idle.signal : AbortSignal.any([idle.signal, signal]),
    });
    if (!response.ok || response.body === null) {
      await response.body?.cancel();
      throw new WidthwiseError(`${name}: answered ${response.status} ${response.statusText}`);
    }
    const length = response.headers.get("Content-Length");
    const encoded = response.headers.has("Content-Encoding");
    const total = length === null || encoded ? null : Number(length);
    const chunks: Uint8Array[] = [];
    received = 0;
    for await (const chunk of response.body as ReadableStream<Uint8Array>) {
      timer.refresh();
      chunks.push(chunk);
      received += chunk.length;
      if (received > limit) {
        throw new WidthwiseError(`${name}: sends more than the ${limit} bytes that are possible`);
      }
      onProgress?.({ source: address, file: name, received, total });
    }
    return Buffer.concat(chunks);
  } catch (error) {
    signal?.throwIfAborted();
    throw error instanceof WidthwiseError
      ? error
      : new WidthwiseError(
          `${name}: ${received === null ? "could not be reached" : `broke off after ${received} bytes`} ` +
            `(${rootCause(error)})`,
          { cause: error },
        );
  } finally {
    clearTimeout(timer);
  }
}

/** fetch says "fetch failed" and hides the reason in a chain of causes. */
function rootCause(error: unknown): string {
  let root = error;
  while (root instanceof Error && root.cause !== undefined) root = root.cause;
  const { code, message } = root as NodeJS.ErrnoException;
  return code ?? message;
}
