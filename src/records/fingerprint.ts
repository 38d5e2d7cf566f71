// Keys and fingerprints: what a trial is called, and the chain that proves its result to the bit.

import canonicalize from "canonicalize";
import type { Parameters } from "../model/network.ts";
import { fromHex, hex, utf8, type Sha256 } from "../base/sha256.ts";
import type { Score } from "../training/evaluate.ts";
import type { Checkpoint, Ending } from "../training/train.ts";
import type { TrialSpecification } from "../model/trial.ts";

/**
 * SHA-256 of the specification's canonical JSON (RFC 8785), hex.
 * Throws where a number is NaN, infinite or −0: such a specification has no canonical form.
 */
export function trialKey(specification: TrialSpecification, sha256: Sha256): string {
  const fields = Object.entries(specification)
    .filter(([, value]) => value !== undefined)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `"${name}":${fieldText(name, value)}`);
  return hex(sha256(utf8(`{${fields.join()}}`)));
}

/** Fields that trials of a study share, each of which is put into text once; their streams are each trial's own. */
const SHARED: ReadonlySet<string> = new Set(["data", "model", "training"]);

const sharedTexts = new WeakMap<object, string>();

function fieldText(name: string, value: unknown): string {
  const path = `specification.${name}`;
  if (!SHARED.has(name) || typeof value !== "object" || value === null)
    return canonicalText(value, path);
  const text = sharedTexts.get(value) ?? canonicalText(value, path);
  sharedTexts.set(value, text);
  return text;
}

/** What a study is called: SHA-256 of the canonical JSON of the study and its data set's digest, hex. */
export function studyId(study: object, dataset: string, sha256: Sha256): string {
  return hex(sha256(utf8(canonicalText({ study, dataset }, "study"))));
}

function canonicalText(value: unknown, name: string): string {
  refuseStrangeNumbers(value, name);
  return String(canonicalize(value));
}

function refuseStrangeNumbers(value: unknown, path: string): void {
  if (typeof value === "number" && (!Number.isFinite(value) || Object.is(value, -0)))
    throw new RangeError(`${path}: ${Object.is(value, -0) ? "−0" : value} has no canonical form`);
  if (typeof value === "object" && value !== null)
    for (const [key, child] of Object.entries(value)) refuseStrangeNumbers(child, `${path}.${key}`);
}

/**
 * The chain of one trial: F₀ = H(key ‖ weights), F_p = H(F_{p−1} ‖ evaluation p ‖ weights p ‖ state p). Where a schedule
 * says after which passes it is evaluated, it links these: F = H(F_before ‖ uint32 p ‖ evaluation p ‖ weights p ‖ state p).
 */
export class FingerprintChain {
  readonly #sha256: Sha256;
  readonly #scores = new DataView(new ArrayBuffer(24));
  #link: Uint8Array;

  private constructor(link: Uint8Array, sha256: Sha256) {
    this.#sha256 = sha256;
    this.#link = link;
  }

  static begin(key: string, initial: Parameters, sha256: Sha256): FingerprintChain {
    return new FingerprintChain(sha256(fromHex(key), ...parameterBytes(initial)), sha256);
  }

  /** Goes on from a row's fingerprint. */
  static resume(fingerprint: string, sha256: Sha256): FingerprintChain {
    return new FingerprintChain(fromHex(fingerprint), sha256);
  }

  /** The chain so far: 64 hex digits. */
  get fingerprint(): string {
    return hex(this.#link);
  }

  /** Links an evaluation; `pass` where there is a schedule. */
  evaluated(
    train: Score,
    test: Score,
    { parameters, state }: Pick<Checkpoint, "parameters" | "state">,
    pass?: number,
  ): void {
    const scores = this.#scores;
    scores.setFloat64(0, train.objective, true);
    scores.setFloat64(8, test.objective, true);
    if (Number.isNaN(train.objective)) setNaN(scores, 0);
    if (Number.isNaN(test.objective)) setNaN(scores, 8);
    scores.setUint32(16, train.correct, true);
    scores.setUint32(20, test.correct, true);
    const parts = pass === undefined ? [] : [uint32s(pass)];
    parts.push(new Uint8Array(scores.buffer), ...parameterBytes(parameters));
    for (const kept of state) parts.push(...parameterBytes(kept));
    this.#append(...parts);
  }

  diverged({ pass, step }: Extract<Ending, { kind: "diverged" }>): void {
    this.#append(uint32s(pass, step));
  }

  #append(...parts: Uint8Array[]): void {
    this.#link = this.#sha256(this.#link, ...parts);
  }
}

/** A study's fingerprint: the hash over its trials' fingerprints in the plan's order, hex. */
export function studyFingerprint(
  fingerprints: Iterable<string> & { readonly length: number },
  sha256: Sha256,
): string {
  const bytes = new Uint8Array(32 * fingerprints.length);
  let at = 0;
  for (const fingerprint of fingerprints) bytes.set(fromHex(fingerprint), 32 * at++);
  return hex(sha256(bytes));
}

/** Little-endian. */
function uint32s(...values: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * values.length));
  values.forEach((value, index) => {
    view.setUint32(4 * index, value, true);
  });
  return new Uint8Array(view.buffer);
}

function setNaN(view: DataView, at: number): void {
  view.setUint32(at, 0, true);
  view.setUint32(at + 4, 0x7ff80000, true);
}

/** W₁ b₁ W₂ b₂ … as little-endian float32 in (in, out) order, every NaN as 7fc00000. */
export function parameterBytes({ weights, biases }: Parameters): Uint8Array[] {
  return weights.flatMap((matrix, layer) => [floatBytes(matrix), floatBytes(biases[layer])]);
}

function floatBytes(values: Float32Array): Uint8Array {
  const floats = values.includes(NaN) ? withOneNaN(values) : values;
  return new Uint8Array(floats.buffer, floats.byteOffset, floats.byteLength);
}

function withOneNaN(values: Float32Array): Float32Array {
  const copy = values.slice();
  const bits = new Uint32Array(copy.buffer);
  copy.forEach((value, index) => {
    if (Number.isNaN(value)) bits[index] = 0x7fc00000;
  });
  return copy;
}

/** Hex digits of a fingerprint that tell it from any other one whom nobody has looked for. */
export const BEGINNING = 16;

export function beginning(fingerprint: string): string {
  return fingerprint.slice(0, BEGINNING);
}
