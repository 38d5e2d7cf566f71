import { describe, expect, it } from "vitest";
import { InputError } from "../base/errors.ts";
import { sha256 } from "../base/sha256.node.ts";
import { namedStream, type Purpose } from "./named.ts";
import extra from "./rng-extra.json" with { type: "json" };

const PURPOSES: Purpose[] = [
  "part",
  "noise",
  "subset",
  "init",
  "order",
  "perturbation",
  "bootstrap",
];

describe("namedStream", () => {
  it.each(extra.named)("is NumPy's of $study_seed/$seed/$purpose", (reference) => {
    const stream = namedStream(
      sha256,
      reference.study_seed,
      reference.seed,
      reference.purpose as Purpose,
    );
    expect([...stream.choiceWithoutReplacement(60000, 3)]).toEqual(
      reference.choice_60000_first3_without_replacement,
    );
    expect([...stream.randints(6000, 5)]).toEqual(reference.randint_6000);
    for (const normal of reference.normals) {
      expect(Math.abs(stream.standardNormal() / normal - 1)).toBeLessThan(1e-15);
    }
  });

  it("gives streams that have nothing to do with one another", () => {
    const names = [0, 1, 2].flatMap((studySeed) =>
      [0, 1, 2].flatMap((seed) => PURPOSES.map((purpose) => ({ studySeed, seed, purpose }))),
    );
    const n = 4000;
    const draws = names.map(({ studySeed, seed, purpose }) => {
      const stream = namedStream(sha256, studySeed, seed, purpose);
      return Float64Array.from({ length: n }, () => stream.random() - 0.5);
    });
    for (let a = 0; a < draws.length; a++) {
      for (let b = 0; b < a; b++) {
        const correlation = draws[a].reduce((sum, x, i) => sum + x * draws[b][i], 0) / (n / 12);
        expect(Math.abs(correlation)).toBeLessThan(5 / Math.sqrt(n));
      }
    }
  });

  it.each([-1, 0.5, NaN, 2 ** 53])("refuses the seed %s", (seed) => {
    expect(() => namedStream(sha256, seed, 0, "init")).toThrow(InputError);
    expect(() => namedStream(sha256, 0, seed, "init")).toThrow(
      `seed ${seed}: expected a whole number from 0 to 9007199254740991`,
    );
  });
});
