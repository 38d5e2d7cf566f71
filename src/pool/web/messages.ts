// What a pool and its Web Workers say to each other.

import type { Dataset } from "../../data/dataset.ts";
import type { KernelCall } from "../../kernel/host.ts";
import type { MeasurementChoice } from "../../measurements/table.ts";
import type { GivenParameters } from "../../model/initializations/initialization.ts";
import type { Parameters } from "../../model/network.ts";
import type { Trial } from "../../model/trial.ts";
import type { ResumePoint } from "../../records/record.ts";
import type { MeasuringCall } from "../measure.ts";

/** What a worker is started with. */
export interface Start {
  readonly module: WebAssembly.Module;
  /** Where memory is shared, the one in which it makes calls. */
  readonly memory: WebAssembly.Memory | null;
  /** What it trains trials on by itself: in shared memory small ones alone; null where there are none. */
  readonly on: { readonly dataset: Dataset; readonly given: GivenParameters | undefined } | null;
  /** Of a Web Lock that the worker holds as long as it lives; null where there are none. */
  readonly alive: string | null;
}

export type Request =
  | { readonly kind: "start"; readonly start: Start }
  /** In shared memory: one call. */
  | { readonly kind: "call"; readonly call: KernelCall }
  | { readonly kind: "measureIn"; readonly call: MeasuringCall }
  /** Small trials; `room`: the addresses of shared memory that are theirs meanwhile. */
  | {
      readonly kind: "trainWhole";
      readonly trials: readonly Trial[];
      readonly room: { readonly from: number; readonly to: number } | null;
    }
  /** By itself: begins a training, then gives its passes one by one, or gives it up. */
  | {
      readonly kind: "train";
      readonly trial: Trial;
      readonly from: ResumePoint | null;
      readonly pastDivergence: boolean;
    }
  | { readonly kind: "next" }
  | { readonly kind: "leave" }
  | {
      readonly kind: "measure";
      readonly trial: Trial;
      readonly parameters: Parameters;
      readonly choices: readonly MeasurementChoice[];
    };

export interface Asked {
  readonly id: number;
  readonly request: Request;
}

export type Answer =
  | { readonly id: number; readonly result: unknown }
  /** `isUsers`: of an InputError. */
  | { readonly id: number; readonly failure: string; readonly isUsers: boolean };
