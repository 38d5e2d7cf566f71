// Unpacks one file of a data set and checks what is inside. Knows nothing of where it came from.

import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { InputError } from "../../base/errors.ts";
import { hex } from "../../base/sha256.ts";
import { sha256 } from "../../base/sha256.node.ts";
import type { IdxContent, IdxFile } from "../formats/idx-dataset.ts";
import { parseIdx } from "../formats/idx.ts";

const gunzipAsync = promisify(gunzip);

/** No honest packing of a file is larger than the file by more than this, in bytes. */
const PACKING_OVERHEAD = 1 << 16;

/** The most bytes that a packed or plain `file` may have; more is refused unread. */
export function packedLimit(file: IdxFile): number {
  return file.bytes + PACKING_OVERHEAD;
}

export function isGzip(content: Uint8Array): boolean {
  return content[0] === 0x1f && content[1] === 0x8b;
}

/**
 * The content of `packed`, which is `file` gzipped or plain. Memory is bounded by the published size,
 * whatever an archive would unpack to.
 * @throws InputError where it is not, byte for byte, what was published; `name` names it there.
 */
export async function unpack(packed: Uint8Array, file: IdxFile, name: string): Promise<IdxContent> {
  const bytes = isGzip(packed) ? await inflate(packed, file, name) : packed;
  const digest = sha256(bytes);
  if (bytes.length !== file.bytes || hex(digest) !== file.sha256) {
    refuse(bytes, digest, file, name);
  }
  return { name, bytes, digest };
}

async function inflate(packed: Uint8Array, file: IdxFile, name: string): Promise<Uint8Array> {
  try {
    // One chunk for all of it saves joining thousands.
    return await gunzipAsync(packed, {
      chunkSize: file.bytes + 64,
      maxOutputLength: file.bytes,
    });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    const fault =
      code === "ERR_BUFFER_TOO_LARGE"
        ? `unpacks to more than the expected ${file.bytes} bytes`
        : code === "Z_BUF_ERROR"
          ? "is cut short: its gzip stream ends early"
          : `is damaged: its gzip stream is invalid (${(error as Error).message})`;
    throw new InputError(`${name} ${fault}`, { cause: error });
  }
}

/** Says what is wrong in the plainest words that fit. */
function refuse(bytes: Uint8Array, digest: Uint8Array, file: IdxFile, name: string): never {
  if (bytes.length === 0) throw new InputError(`${name} is empty`);
  if (bytes[0] !== 0) {
    throw new InputError(
      `${name} is neither a gzip archive nor an IDX file: it begins with ${opening(bytes)}`,
    );
  }
  parseIdx(bytes, name);
  if (bytes.length !== file.bytes) {
    throw new InputError(`${name} holds ${bytes.length} bytes, expected ${file.bytes}`);
  }
  throw new InputError(
    `${name} was altered: its content has the SHA-256 ${hex(digest).slice(0, 12)}…, ` +
      `expected ${file.sha256.slice(0, 12)}…`,
  );
}

/** The first bytes as text, as far as they can be printed: enough to recognize a web page. */
function opening(bytes: Uint8Array): string {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 16));
  return JSON.stringify(text.replaceAll(/[^\x20-\x7e]+/g, " "));
}
