import fc from "fast-check";
import { describe, expect, it } from "vitest";
import rng from "../../test/reference/rng.json" with { type: "json" };
import { InputError } from "../base/errors.ts";
import { sha256 } from "../base/sha256.node.ts";
import { hex } from "../base/sha256.ts";
import { NumpyRandomState } from "./numpy.ts";
import extra from "./rng-extra.json" with { type: "json" };

/** SHA-256 of the integers as NumPy's int64 in little-endian bytes. */
function sha256OfInt64(values: Uint32Array): string {
  const bytes = new DataView(new ArrayBuffer(8 * values.length));
  values.forEach((value, i) => {
    bytes.setUint32(8 * i, value, true);
  });
  return hex(sha256(new Uint8Array(bytes.buffer)));
}

/** A snapshot's content in the terms of NumPy's `get_state()`. */
function numpyState(random: NumpyRandomState) {
  const snapshot = random.snapshot();
  const bytes = new DataView(new ArrayBuffer(4 * snapshot.length));
  snapshot.forEach((word, i) => {
    bytes.setUint32(4 * i, word, true);
  });
  return {
    key_sha256_uint32le: hex(sha256(new Uint8Array(bytes.buffer, 4 * 2, 4 * 624))),
    position: snapshot[626],
    cached_normal: snapshot[627] === 1 ? bytes.getFloat64(4 * 628, true) : null,
  };
}

function expectNormals(actual: number[], expected: number[]) {
  expect(actual).toHaveLength(expected.length);
  expected.forEach((value, i) => {
    expect(Math.abs(actual[i] - value) / Math.abs(value)).toBeLessThan(1e-15);
  });
}

function times(count: number, draw: () => number): number[] {
  return Array.from({ length: count }, draw);
}

describe("NumpyRandomState draws as NumPy does", () => {
  describe.each(rng.numpy_legacy_randomstate)("from seed $seed", (reference) => {
    it("the notebook's subset, then single examples", () => {
      const random = new NumpyRandomState(reference.seed);
      const subset = random.choiceWithoutReplacement(60000, 6000);
      const wanted = reference.choice_60000_6000_without_replacement;
      expect([...subset.slice(0, 10)]).toEqual(wanted.first10);
      expect([...subset.slice(-5)]).toEqual(wanted.last5);
      expect(sha256OfInt64(subset)).toBe(wanted.sha256_int64le);

      const order = Uint32Array.from({ length: 6000 }, () => random.randint(6000));
      const then = reference.then_6000_calls_of_choice_6000;
      expect([...order.slice(0, 10)]).toEqual(then.first10);
      expect([...order.slice(-5)]).toEqual(then.last5);
      expect(sha256OfInt64(order)).toBe(then.sha256_int64le);
    });

    it("permutations", () => {
      const random = new NumpyRandomState(reference.seed);
      expect([...random.permutation(10)]).toEqual(reference.permutation_10);
      expect(sha256OfInt64(random.permutation(1000))).toBe(
        reference.then_permutation_1000_sha256_int64le,
      );
    });

    it("doubles, then normals", () => {
      const random = new NumpyRandomState(reference.seed);
      expect(times(5, () => random.random())).toEqual(reference.random_sample_first5);
      expectNormals(
        times(5, () => random.standardNormal()),
        reference.then_standard_normal_first5,
      );
    });
  });

  it.each(extra.numpy)("everything by turns from seed $seed", (reference) => {
    const random = new NumpyRandomState(reference.seed);
    expectNormals(
      times(3, () => random.standardNormal()),
      reference.three_normals,
    );
    const { cached_normal, ...words } = numpyState(random);
    const { cached_normal: wantedNormal, ...wantedWords } = reference.state_after_three_normals;
    expect(words).toEqual(wantedWords);
    expectNormals([cached_normal ?? NaN], [wantedNormal]);

    for (const [bound, draws] of reference.randint_by_bound as [number, number[]][]) {
      expect(times(draws.length, () => random.randint(bound))).toEqual(draws);
    }
    expect([...random.permutation(1)]).toEqual(reference.permutation_1);
    expect([...random.choiceWithoutReplacement(100, 7)]).toEqual(
      reference.choice_100_7_without_replacement,
    );
    expect(times(3, () => random.random())).toEqual(reference.doubles);
    expectNormals(
      times(2, () => random.standardNormal()),
      reference.two_normals,
    );
    expect(sha256OfInt64(random.randints(6000, 50000))).toBe(
      reference.choice_6000_50000_times_sha256_int64le,
    );
    expect(numpyState(random)).toEqual(reference.state_at_the_end);
  });
});

describe("NumpyRandomState", () => {
  const bound = fc.oneof(fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 2 ** 32 }));
  const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

  it("keeps to the bounds of its draws", () => {
    fc.assert(
      fc.property(seed, bound, (seed, n) => {
        const random = new NumpyRandomState(seed);
        for (let i = 0; i < 50; i++) {
          const draw = random.randint(n);
          expect(Number.isInteger(draw) && draw >= 0 && draw < n).toBe(true);
          const double = random.random();
          expect(double >= 0 && double < 1).toBe(true);
        }
      }),
    );
  });

  it("draws in bulk what it draws singly, and skips to the same state", () => {
    fc.assert(
      fc.property(seed, bound, fc.nat(2000), (seed, n, count) => {
        const [singly, bulk, skipping] = times(3, () => seed).map((s) => new NumpyRandomState(s));
        expect([...bulk.randints(n, count)]).toEqual(times(count, () => singly.randint(n)));
        skipping.skipRandints(n, count);
        expect(bulk.snapshot()).toEqual(singly.snapshot());
        expect(skipping.snapshot()).toEqual(singly.snapshot());
      }),
    );
  });

  it("permutes", () => {
    fc.assert(
      fc.property(seed, fc.integer({ min: 1, max: 300 }), (seed, n) => {
        const order = new NumpyRandomState(seed).permutation(n);
        expect([...order].sort((a, b) => a - b)).toEqual(times(n, () => 0).map((_, i) => i));
      }),
    );
  });

  it("makes normals with the moments of normals", () => {
    const random = new NumpyRandomState(11);
    const n = 100_000;
    const normals = times(n, () => random.standardNormal());
    const moment = (k: number) => normals.reduce((sum, x) => sum + x ** k, 0) / n;
    expect(Math.abs(moment(1))).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(moment(2) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(Math.abs(moment(4) - 3)).toBeLessThan(5 * Math.sqrt(96 / n));
  });

  it.each([-1, 0.5, NaN, Infinity, 2 ** 32])("refuses the seed %s", (seed) => {
    expect(() => new NumpyRandomState(seed)).toThrow(InputError);
    expect(() => new NumpyRandomState(seed)).toThrow(
      `seed ${seed}: expected a whole number from 0 to 4294967295`,
    );
  });

  it("refuses bounds and sizes that cannot be", () => {
    const random = new NumpyRandomState(0);
    for (const n of [0, -1, 1.5, NaN, 2 ** 32 + 1]) {
      expect(() => random.randint(n)).toThrow(RangeError);
      expect(() => random.randints(n, 1)).toThrow(RangeError);
      expect(() => {
        random.skipRandints(n, 1);
      }).toThrow(RangeError);
      expect(() => random.permutation(n)).toThrow(RangeError);
    }
    for (const size of [-1, 1.5, 11]) {
      expect(() => random.choiceWithoutReplacement(10, size)).toThrow(RangeError);
    }
  });
});

it("draws normals anew for points on the circle and in its middle", () => {
  /** The words of which 0 and 2³¹ are drawn: −1 and 0 as coordinates, where each takes two words. */
  const [ZERO, HALF] = [0, 0x80102204];
  const start = new NumpyRandomState(1).snapshot();
  start.set([ZERO, ZERO, HALF, ZERO, HALF, ZERO, HALF, ZERO], 2);
  start[626] = 0;
  const coordinates = NumpyRandomState.restore(start);
  expect(times(4, () => 2 * coordinates.random() - 1)).toEqual([-1, 0, 0, 0]);
  const after = NumpyRandomState.restore(start.with(626, 8));
  expect(NumpyRandomState.restore(start).standardNormal()).toBe(after.standardNormal());
});

it("all of them without replacement are a permutation", () => {
  const [all, some, none] = [8, 3, 0].map((size) =>
    new NumpyRandomState(4).choiceWithoutReplacement(8, size),
  );
  expect(all).toEqual(new NumpyRandomState(4).permutation(8));
  expect(some).toEqual(all.slice(0, 3));
  expect(none).toHaveLength(0);
});

// As in torch.test.ts: no proof that it is NumPy's, but a promise of the same bits.
it("NumpyRandomState's normals have the bits of their version", () => {
  const random = new NumpyRandomState(1);
  const normals = Float64Array.from({ length: 10_007 }, () => random.standardNormal());
  expect(hex(sha256(new Uint8Array(normals.buffer))).slice(0, 16)).toBe("45af8855da6926ed");
});
