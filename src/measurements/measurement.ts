// What a measurement is. table.ts has all of them by name.

import type { Sha256 } from "../base/sha256.ts";
import type { Shape } from "../model/network.ts";
import type { TrialSpecification } from "../model/trial.ts";
import type { MeasuredExamples, MeasuredNetwork } from "./network.ts";

/** A trial at one of its evaluations: all that measurements are functions of. */
export interface Measured {
  readonly specification: TrialSpecification;
  readonly network: MeasuredNetwork;
  /** The network before training. */
  readonly initial: MeasuredNetwork;
  readonly train: MeasuredExamples;
  /** Made where it is asked for. */
  readonly test: () => MeasuredExamples;
  readonly sha256: Sha256;
}

export interface Measurement {
  /** What changes a bit of its values raises it. */
  readonly version: number;
  /**
   * A name for each of its values of a network with these hidden layers, as in exports; left out where there are too many to
   * be columns.
   */
  readonly columns?: (hidden: readonly number[]) => readonly string[];
  /** What is timed to tell how long it takes; left out where that is next to nothing beside an evaluation. */
  readonly rehearsal?: {
    /** That it is made on, of so many. */
    readonly examples: (trainExamples: number) => number;
    /** As much work, on all training examples, as a trained network typically is. */
    readonly run: (measured: Measured) => void;
  };
  /** It holds while it is made, beside the network, at most or as far as is typical; left out where that is next to nothing. */
  readonly bytes?: (shape: Shape, trainExamples: number) => number;
  /** Whether it is made at a trial's last row alone. */
  readonly isOfLastRow?: true;
  readonly measure: (measured: Measured) => Float64Array | Float32Array;
}

/** `name_1`, `name_2`, … for so many layers from input to output. */
export function byLayer(name: string, layers: number): string[] {
  return Array.from({ length: layers }, (_, layer) => `${name}_${layer + 1}`);
}
