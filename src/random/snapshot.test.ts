import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { InputError } from "../base/errors.ts";
import { NumpyRandomState } from "./numpy.ts";
import { TorchGenerator } from "./torch.ts";

const seed = fc.integer({ min: 0, max: 2 ** 32 - 1 });

describe("a snapshot", () => {
  it("lets NumPy's generator go on identically, at any point and often", () => {
    const draws: ((random: NumpyRandomState) => unknown)[] = [
      (random) => random.random(),
      (random) => random.randint(6000),
      (random) => random.standardNormal(),
      (random) => random.permutation(100),
    ];
    const sequence = fc.array(fc.nat(draws.length - 1), { maxLength: 40 });
    fc.assert(
      fc.property(seed, sequence, sequence, (seed, before, after) => {
        const random = new NumpyRandomState(seed);
        for (const i of before) draws[i](random);
        const snapshot = random.snapshot();
        const later = random.laterSnapshot();
        const onward = after.map((i) => draws[i](random));
        expect(later()).toEqual(snapshot);
        for (let again = 0; again < 2; again++) {
          const restored = NumpyRandomState.restore(snapshot);
          expect(restored.snapshot()).toEqual(snapshot);
          expect(after.map((i) => draws[i](restored))).toEqual(onward);
        }
      }),
    );
  });

  it("lets torch's generator go on identically, at any point and often", () => {
    const sizes = fc.array(fc.oneof(fc.nat(16), fc.nat(700)), { maxLength: 8 });
    fc.assert(
      fc.property(seed, sizes, sizes, (seed, before, after) => {
        const generator = new TorchGenerator(seed);
        for (const size of before) generator.randn(size);
        const snapshot = generator.snapshot();
        const onward = after.map((size) => generator.randn(size));
        for (let again = 0; again < 2; again++) {
          const restored = TorchGenerator.restore(snapshot);
          expect(restored.snapshot()).toEqual(snapshot);
          expect(after.map((size) => restored.randn(size))).toEqual(onward);
        }
      }),
    );
  });

  it("has the documented layout", () => {
    const random = new NumpyRandomState(1);
    const fresh = random.snapshot();
    expect(fresh).toHaveLength(630);
    expect([...fresh.slice(0, 4)]).toEqual([1, 1, 1, 1812433254]);
    expect([...fresh.slice(-4)]).toEqual([624, 0, 0, 0]);
    random.standardNormal();
    expect(random.snapshot()[627]).toBe(1);
    expect(new TorchGenerator(1).snapshot()[1]).toBe(2);
  });

  it("is refused where it is not one", () => {
    const good = new NumpyRandomState(1).snapshot();
    const changed = (index: number, value: number) => good.with(index, value);
    const refusals: [Uint32Array, string][] = [
      [changed(0, 2), "version 2; this widthwise reads 1"],
      [new Uint32Array(0), "version undefined; this widthwise reads 1"],
      [good.slice(0, 629), "629 words, expected 630"],
      [new TorchGenerator(1).snapshot(), "owner 2, expected 1 (NumPy)"],
      [changed(626, 625), "position 625, expected 0 to 624"],
      [changed(627, 2), "2 cached normals, expected 0 or 1"],
    ];
    for (const [snapshot, message] of refusals) {
      expect(() => NumpyRandomState.restore(snapshot)).toThrow(InputError);
      expect(() => NumpyRandomState.restore(snapshot)).toThrow(message);
    }
    expect(() => TorchGenerator.restore(good)).toThrow("owner 1, expected 2 (torch)");
  });
});
