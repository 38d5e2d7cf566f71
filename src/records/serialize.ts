// A record as JSON text and back. The text begins with the digest of the rest, so that damage is seen.

import { InputError } from "../errors.ts";
import { hex, utf8, type Sha256 } from "../sha256.ts";
import { trialKey } from "./fingerprint.ts";
import { RECORD_FORMAT, type TrialRecord } from "./record.ts";

/** JSON has no numbers for these. */
const NOT_FINITE = ["NaN", "Infinity", "-Infinity"];

const ENVELOPE = /^\{"sha256":"([0-9a-f]{64})","record":(.*)\}\n$/s;

export function serializeRecord(record: TrialRecord, sha256: Sha256): string {
  const body = JSON.stringify(record, (_, value: unknown) => {
    if (typeof value === "number" && !Number.isFinite(value)) return String(value);
    if (value instanceof Float32Array) return { float32: base64(value) };
    return value;
  });
  return `{"sha256":"${hex(sha256(utf8(body)))}","record":${body}}\n`;
}

/**
 * The record in `text`; `what` names it in messages.
 * Throws InputError where it is damaged, has another format, or lies under another specification's key.
 */
export function parseRecord(text: string, what: string, sha256: Sha256): TrialRecord {
  const refuse = (reason: string): never => {
    throw new InputError(`${what}: ${reason}; delete it to have the trial trained again`);
  };
  const envelope = ENVELOPE.exec(text);
  if (envelope === null) return refuse("it is damaged");
  const [, digest, body] = envelope;
  if (hex(sha256(utf8(body))) !== digest) return refuse("it is damaged");
  const record = JSON.parse(body, (_, value: unknown) => {
    if (typeof value === "string" && NOT_FINITE.includes(value)) return Number(value);
    if (typeof value === "object" && value !== null && "float32" in value)
      return floats(String(value.float32));
    return value;
  }) as Omit<TrialRecord, "format"> & { format: number };
  if (record.format !== RECORD_FORMAT)
    return refuse(`it has format ${record.format}; this widthwise reads ${RECORD_FORMAT}`);
  if (trialKey(record.specification, sha256) !== record.key)
    return refuse("its key is not that of its specification");
  return { ...record, format: RECORD_FORMAT };
}

function base64(values: Float32Array): string {
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const pieces: string[] = [];
  // A call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8192)
    pieces.push(String.fromCharCode(...bytes.subarray(at, at + 8192)));
  return btoa(pieces.join(""));
}

function floats(text: string): Float32Array {
  return new Float32Array(Uint8Array.from(atob(text), (c) => c.charCodeAt(0)).buffer);
}
