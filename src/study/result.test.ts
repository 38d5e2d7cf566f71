// Where intervals over seeds take their draws from.

import { expect, test } from "vitest";
import { study } from "../../test/support/studies.ts";
import { sha256 } from "../base/sha256.node.ts";
import { namedStream } from "../random/named.ts";
import { resultOf } from "./result.ts";
import type { Study } from "./spec.ts";

test("draws of seeds begin at the beginning of the study's own stream, every time", () => {
  const answer = { search: null, learning_rate: 0.1, outcomes: [] };
  const drawn = (asked: Study) => {
    const { bootstrap } = resultOf("", asked, answer, sha256);
    expect(bootstrap().randints(9, 5)).toEqual(bootstrap().randints(9, 5));
    return bootstrap().randints(9, 5);
  };
  const named = study({ widths: [8] });
  const words = (studySeed: number) =>
    namedStream(sha256, studySeed, 0, "bootstrap").randints(9, 5);
  expect(drawn({ ...named, streams: { kind: "named", study_seed: 3, seeds: [1] } })).toEqual(
    words(3),
  );
  const notebook = { kind: "notebook", numpy_seed: 1, torch_seed: 0 } as const;
  expect(drawn({ ...named, streams: notebook })).toEqual(words(0));
});
