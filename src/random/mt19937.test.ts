import fc from "fast-check";
import { describe, expect, it } from "vitest";
import rng from "../../test/reference/rng.json" with { type: "json" };
import { Mt19937 } from "./mt19937.ts";
import extra from "./rng-extra.json" with { type: "json" };

function draw(generator: Mt19937, count: number): number[] {
  return Array.from({ length: count }, () => generator.uint32());
}

describe("Mt19937", () => {
  it.each(rng.numpy_legacy_randomstate)("makes the words of seed $seed", (reference) => {
    expect(draw(Mt19937.fromSeed(reference.seed), 5)).toEqual(reference.random_uint32_first5);
  });

  it("is seeded with words, fewer and more than its state has", () => {
    for (const { words, uint32 } of extra.init_by_array) {
      expect(draw(Mt19937.fromWords(Uint32Array.from(words)), 5)).toEqual(uint32);
    }
  });

  it("makes the ten thousandth word that the C++ standard demands of seed 5489", () => {
    const generator = Mt19937.fromSeed(5489);
    generator.skip(9999);
    expect(generator.uint32()).toBe(4123659995);
  });

  it("refuses to be seeded with no words", () => {
    expect(() => Mt19937.fromWords(new Uint32Array(0))).toThrow(RangeError);
  });

  it("skips to the state that draws would leave", () => {
    fc.assert(
      fc.property(fc.nat(1500), fc.nat(1500), (before, skipped) => {
        const drawing = Mt19937.fromSeed(9);
        const skipping = Mt19937.fromSeed(9);
        for (const generator of [drawing, skipping]) draw(generator, before);
        draw(drawing, skipped);
        skipping.skip(skipped);
        expect(skipping.state()).toEqual(drawing.state());
      }),
      // Ends of the state's 624 words.
      {
        examples: [
          [0, 0],
          [0, 624],
          [100, 524],
          [624, 0],
          [1, 1248],
        ],
      },
    );
  });

  it("goes on from its state, which further draws leave alone", () => {
    const generator = Mt19937.fromSeed(4);
    draw(generator, 700);
    const { key, position } = generator.state();
    const state = { key: key.slice(), position };
    const onward = draw(generator, 1300);
    expect(draw(Mt19937.fromState(state), 1300)).toEqual(onward);
    expect(draw(Mt19937.fromState(state), 1300)).toEqual(onward);
  });
});
