import { describe, expect, test } from "vitest";
import type { Parameters } from "../model/network.ts";
import { sha256 } from "../base/sha256.node.ts";
import type { TrialSpecification } from "../model/trial.ts";
import { FingerprintChain, studyFingerprint, studyId, trialKey } from "./fingerprint.ts";
import { recordOf, update } from "../../test/support/updates.ts";
import {
  cutRecord,
  RecordBuilder,
  rowsOf,
  type Evaluation,
  type ResumePoint,
  type TrialRecord,
} from "./record.ts";

const specification: TrialSpecification = {
  numerics: 1,
  data: { dataset: "ab".repeat(32), train_examples: 6000 },
  model: { hidden: [32], init_std: 1e-6 },
  training: { learning_rate: 0.005, regularization: 0 },
  streams: { kind: "named", study_seed: 0, seed: 3 },
};

function evaluation(pass: number): Evaluation {
  return {
    pass,
    train: { objective: 1 / (pass + 1), correct: pass, examples: 10 },
    test: { objective: pass === 2 ? NaN : 2, correct: 1, examples: 20 },
    fingerprint: String(pass).repeat(64).slice(0, 64),
  };
}

function record(passes: number, ending: TrialRecord["ending"] = { kind: "finished" }): TrialRecord {
  const trajectory = Array.from({ length: passes + 1 }, (_, pass) => evaluation(pass));
  return {
    key: trialKey(specification, sha256),
    specification,
    trajectory,
    ending,
    fingerprint: trajectory[passes].fingerprint,
    running_averages: Array.from({ length: 60 * passes }, (_, index) => index),
    seconds: 1.5,
  };
}

describe("keys", () => {
  test("golden keys: old specifications keep theirs", () => {
    expect(trialKey(specification, sha256)).toBe(
      "b0d8f925f9e8b1b957850d9b7935ec3e9529e7ac2d76d6490c3b36d3e238991c",
    );
    expect(
      trialKey(
        {
          ...specification,
          model: { ...specification.model, perturbation: 2 },
          streams: {
            kind: "notebook",
            numpy_seed: 1,
            torch_seed: 0,
            after: [{ hidden: [32], passes: 1 }],
          },
        },
        sha256,
      ),
    ).toBe("fc36cef80efe3e7368899b2e7864edc9c42960187f1b48f07e04325f28ea6e68");
  });

  test("the order of fields does not matter, every value does", () => {
    const turned = Object.fromEntries(Object.entries(specification).reverse());
    expect(trialKey(turned as unknown as TrialSpecification, sha256)).toBe(
      trialKey(specification, sha256),
    );
    const other = { ...specification, model: { hidden: [33], init_std: 1e-6 } };
    expect(trialKey(other, sha256)).not.toBe(trialKey(specification, sha256));
  });

  test.each([
    ["NaN", NaN],
    ["Infinity", Infinity],
    ["−0", -0],
  ])("%s is refused", (name, value) => {
    const training = { learning_rate: value, regularization: 0 };
    expect(() => trialKey({ ...specification, training }, sha256)).toThrow(
      `specification.training.learning_rate: ${name} has no canonical form`,
    );
  });

  test("a study's id is over its canonical JSON and its data set", () => {
    const text = '{"dataset":"ab","study":{"a":null,"b":1}}';
    expect(studyId({ b: 1, a: null }, "ab", sha256)).toBe(
      Buffer.from(sha256(Buffer.from(text))).toString("hex"),
    );
  });
});

describe("fingerprints", () => {
  const score = { objective: 1, correct: 2, examples: 3 };

  test("the chain is H(H(key ‖ weights) ‖ evaluation ‖ weights), spelled out", () => {
    const key = trialKey(specification, sha256);
    const start: Parameters = { weights: [Float32Array.of(1)], biases: [Float32Array.of(0)] };
    const chain = FingerprintChain.begin(key, start, sha256);
    const weights = Buffer.from("0000803f00000000", "hex");
    const first = sha256(Buffer.from(key, "hex"), weights);
    expect(chain.fingerprint).toBe(Buffer.from(first).toString("hex"));
    chain.evaluated(score, { ...score, objective: NaN }, { parameters: start, state: [] });
    const scores = Buffer.from("000000000000f03f000000000000f87f0200000002000000", "hex");
    const second = sha256(first, scores, weights);
    expect(chain.fingerprint).toBe(Buffer.from(second).toString("hex"));
    chain.diverged({ kind: "diverged", pass: 2, step: 812 });
    const third = sha256(second, Buffer.from("020000002c030000", "hex"));
    expect(chain.fingerprint).toBe(Buffer.from(third).toString("hex"));
  });

  test("and with the optimizer's state behind the weights, in their layout", () => {
    const parameters: Parameters = { weights: [Float32Array.of(1)], biases: [Float32Array.of(0)] };
    const of = (weight: number, bias: number): Parameters => ({
      weights: [Float32Array.of(weight)],
      biases: [Float32Array.of(bias)],
    });
    const begun = "ab".repeat(32);
    const scores = Buffer.from("000000000000f03f000000000000f03f0200000002000000", "hex");
    const linked = (state: readonly Parameters[], hexStates: string) => {
      const chain = FingerprintChain.resume(begun, sha256);
      chain.evaluated(score, score, { parameters, state });
      const bytes = [scores, Buffer.from(`0000803f00000000${hexStates}`, "hex")];
      const link = sha256(Buffer.from(begun, "hex"), ...bytes);
      expect(chain.fingerprint).toBe(Buffer.from(link).toString("hex"));
    };
    linked([], "");
    linked([of(2, 0.5)], "000000400000003f");
    linked([of(2, 0.5), of(NaN, -0)], "000000400000003f0000c07f00000080");
  });

  test("every NaN counts as the same", () => {
    const bits = (pattern: number): Parameters => ({
      weights: [new Float32Array(Uint32Array.of(pattern).buffer)],
      biases: [Float32Array.of(0)],
    });
    const of = (pattern: number) =>
      FingerprintChain.begin("00".repeat(32), bits(pattern), sha256).fingerprint;
    expect(of(0xffc00000)).toBe(of(0x7fc00000));
    expect(of(0x7fc00001)).toBe(of(0x7fc00000));
    expect(of(0x7f800000)).not.toBe(of(0x7fc00000));
    const objective = (pattern: bigint) => {
      const chain = FingerprintChain.resume("00".repeat(32), sha256);
      const nan = { ...score, objective: new Float64Array(BigUint64Array.of(pattern).buffer)[0] };
      chain.evaluated(nan, nan, { parameters: bits(0), state: [] });
      return chain.fingerprint;
    };
    expect(objective(0xfff8000000000001n)).toBe(objective(0x7ff8000000000000n));
  });

  test("a NaN among weights is made the one, and neither changed nor the others told less", () => {
    const of = (...values: number[]) => {
      const weights = [new Float32Array(Uint32Array.from(values).buffer)];
      const { fingerprint } = FingerprintChain.begin("", { weights, biases: weights }, sha256);
      expect([...new Uint32Array(weights[0].buffer)]).toEqual(values);
      return fingerprint;
    };
    expect(of(0xffc00000, 1)).toBe(of(0x7fc00000, 1));
    expect(of(0xffc00000, 1)).not.toBe(of(0xffc00000, 2));
  });

  test("a study's is over its trials' in order", () => {
    const [a, b] = ["11".repeat(32), "22".repeat(32)];
    expect(studyFingerprint([a, b], sha256)).not.toBe(studyFingerprint([b, a], sha256));
  });
});

describe("cutting", () => {
  test("fewer passes are a prefix", () => {
    const cut = cutRecord(record(5), 3);
    expect(cut?.trajectory).toEqual(record(5).trajectory.slice(0, 4));
    expect(cut?.fingerprint).toBe(record(3).fingerprint);
    expect(cut?.running_averages).toHaveLength(180);
    expect(cut?.seconds).toBeCloseTo((1.5 * 3) / 5, 12);
  });
  test("the same passes are the same record; more are none", () => {
    expect(cutRecord(record(5), 5)).toEqual(record(5));
    expect(cutRecord(record(5), 6)).toBeNull();
  });
  test("a diverged trial is whole for any later pass, and cut before it", () => {
    const diverged = record(2, { kind: "diverged", pass: 3, step: 7 });
    expect(cutRecord(diverged, 100)).toBe(diverged);
    expect(cutRecord(diverged, 3)).toBe(diverged);
    expect(cutRecord(diverged, 1)?.ending).toEqual({ kind: "finished" });
    expect(cutRecord(diverged, 2)?.ending).toEqual({ kind: "finished" });
  });
});

describe("building", () => {
  const whole = recordOf(5);

  test("of the rows of a record makes that record, from any pass on", () => {
    expect(rowsOf(whole)).toEqual(update(0, 5).rows);
    for (let kept = -1; kept <= 5; kept++) {
      const { checkpoint } = update(0, Math.max(0, kept));
      const from: ResumePoint | null = kept < 0 ? null : { record: recordOf(kept), checkpoint };
      const builder = new RecordBuilder(whole, from);
      for (const row of rowsOf(whole).slice(kept + 1)) {
        const seconds = row.evaluation.pass - Math.max(0, kept);
        builder.add({ row, checkpoint, seconds });
      }
      expect(builder.end(whole)).toEqual(whole);
    }
  });

  test("leaves what it goes on from as it was", () => {
    const from = { record: recordOf(2), checkpoint: update(0, 2).checkpoint };
    const builder = new RecordBuilder(whole, from);
    builder.add({ row: rowsOf(whole)[3], checkpoint: from.checkpoint, seconds: 1 });
    expect(from.record).toEqual(recordOf(2));
  });
});
