// A generator's state as numbers that a checkpoint can keep. Knows the layout, not how numbers are drawn.

import { InputError } from "../base/errors.ts";
import { Mt19937, STATE_WORDS } from "./mt19937.ts";

/** Version of the layout. */
const SNAPSHOT_VERSION = 1;

/**
 * The layout, 630 words of 32 bits:
 *
 * | word    | content                                                                     |
 * | ------- | --------------------------------------------------------------------------- |
 * | 0       | version of the layout                                                       |
 * | 1       | whose generator: 1 NumPy's, 2 torch's                                       |
 * | 2–625   | MT19937's key                                                               |
 * | 626     | MT19937's position, 0–624                                                   |
 * | 627     | 1 if a normal is cached, else 0                                             |
 * | 628–629 | the cached normal's float64 bits, low word first; 0 where nothing is cached |
 */
export type Snapshot = Uint32Array;

const OWNER = 1;
const KEY = 2;
const POSITION = KEY + STATE_WORDS;
const HAS_NORMAL = POSITION + 1;
const NORMAL = HAS_NORMAL + 1;
const SNAPSHOT_WORDS = NORMAL + 2;

const OWNERS = { NumPy: 1, torch: 2 } as const;

/** What NumPy's and torch's generators consist of: both make normals in pairs and keep the second one. */
interface GeneratorState {
  readonly words: Mt19937;
  readonly cachedNormal: number | null;
}

export function encodeSnapshot(owner: keyof typeof OWNERS, state: GeneratorState): Snapshot {
  const { key, position } = state.words.state();
  const snapshot = new Uint32Array(SNAPSHOT_WORDS);
  snapshot[0] = SNAPSHOT_VERSION;
  snapshot[OWNER] = OWNERS[owner];
  snapshot.set(key, KEY);
  snapshot[POSITION] = position;
  if (state.cachedNormal !== null) {
    const bits = new DataView(new ArrayBuffer(8));
    bits.setFloat64(0, state.cachedNormal, true);
    snapshot[HAS_NORMAL] = 1;
    snapshot[NORMAL] = bits.getUint32(0, true);
    snapshot[NORMAL + 1] = bits.getUint32(4, true);
  }
  return snapshot;
}

/** Throws InputError if `snapshot` is not one of this version and owner. */
export function decodeSnapshot(owner: keyof typeof OWNERS, snapshot: Snapshot): GeneratorState {
  const refuse = (what: string): never => {
    throw new InputError(`${what}: start the generator from its seed again`);
  };
  if (snapshot[0] !== SNAPSHOT_VERSION) {
    refuse(
      `generator snapshot has version ${snapshot[0]}; this widthwise reads ${SNAPSHOT_VERSION}`,
    );
  }
  if (snapshot.length !== SNAPSHOT_WORDS) {
    refuse(`generator snapshot has ${snapshot.length} words, expected ${SNAPSHOT_WORDS}`);
  }
  if (snapshot[OWNER] !== OWNERS[owner]) {
    refuse(`generator snapshot has owner ${snapshot[OWNER]}, expected ${OWNERS[owner]} (${owner})`);
  }
  if (snapshot[POSITION] > STATE_WORDS) {
    refuse(`generator snapshot has position ${snapshot[POSITION]}, expected 0 to ${STATE_WORDS}`);
  }
  if (snapshot[HAS_NORMAL] > 1) {
    refuse(`generator snapshot has ${snapshot[HAS_NORMAL]} cached normals, expected 0 or 1`);
  }
  const bits = new DataView(new ArrayBuffer(8));
  bits.setUint32(0, snapshot[NORMAL], true);
  bits.setUint32(4, snapshot[NORMAL + 1], true);
  return {
    words: Mt19937.fromState({ key: snapshot.slice(KEY, POSITION), position: snapshot[POSITION] }),
    cachedNormal: snapshot[HAS_NORMAL] === 1 ? bits.getFloat64(0, true) : null,
  };
}
