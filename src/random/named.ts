// Independent streams by name, so that adding a trial or a draw never changes another one.

import { utf8, type Sha256 } from "../base/sha256.ts";
import { NumpyRandomState } from "./numpy.ts";
import { checkedSeed } from "./seed.ts";

/**
 * What is drawn for: examples split off as the test set, parts of the training set, wrong labels in it, a trial's subset,
 * its initial weights, its order of examples, the weights' perturbation; where a search for its largest eigenvalue begins;
 * units that an interval resamples; what a generated data set draws for.
 */
export type Purpose =
  | "test-split"
  | "part"
  | "noise"
  | "subset"
  | "init"
  | "order"
  | "perturbation"
  | "lanczos"
  | "bootstrap"
  | `data/${string}`;

/**
 * The stream of one trial for one purpose.
 *
 * Its name is `widthwise/1/<study seed>/<seed>/<purpose>`, seeds in decimal, e.g. `widthwise/1/0/7/init`.
 * MT19937's `init_by_array` takes the eight 32-bit words (little-endian) of the SHA-256 of the name in
 * ASCII, so that NumPy makes the same stream:
 *
 *     name = b"widthwise/1/0/7/init"
 *     np.random.RandomState(np.frombuffer(hashlib.sha256(name).digest(), "<u4"))
 *
 * Throws InputError unless both seeds are integers from 0 to 2⁵³ − 1.
 */
export function namedStream(
  sha256: Sha256,
  studySeed: number,
  seed: number,
  purpose: Purpose,
): NumpyRandomState {
  const seeds = [studySeed, seed].map((value) => checkedSeed(value, Number.MAX_SAFE_INTEGER));
  const digest = sha256(utf8(`widthwise/1/${seeds.join("/")}/${purpose}`));
  const bytes = new DataView(digest.buffer, digest.byteOffset, digest.byteLength);
  return new NumpyRandomState(
    Uint32Array.from({ length: 8 }, (_, i) => bytes.getUint32(4 * i, true)),
  );
}
