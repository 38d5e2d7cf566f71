// A study: a question as a file. After parseStudy nobody checks again.

import type { Named } from "../base/fields.ts";
import type { DataSource } from "../data/sets/set.ts";
import type { MeasurementChoice } from "../measurements/table.ts";
import type { LayerRates } from "../model/layer-rates.ts";
import type * as initializations from "../model/initializations/table.ts";
import type { MODEL_PARTS, PartNames, TRAINING_PARTS } from "../model/parts.ts";
import type { EvaluationSchedule } from "../model/evaluation-schedule.ts";
import type { OptimizerChoice } from "../model/optimizers/choice.ts";
import type { ScheduleChoice } from "../model/schedules/rates.ts";
import type { ExampleChoices, StopRules } from "../model/trial.ts";
import type { SpacedRange } from "./axes/ranges.ts";

/** Sections that axes may lie in. */
export type SectionName = "dataset" | "model" | "training";

/** As a study's file has it: a number, a word, true or false, a list or a mapping. */
export type AxisValue =
  string | number | boolean | readonly unknown[] | Readonly<Record<string, unknown>>;

/** How many training examples are kept, of the part where there is one: their share in (0, 1], or their number. */
export type KeptExamples =
  | { readonly fraction: number; readonly examples?: never }
  | { readonly examples: number; readonly fraction?: never };

/** The parameters in a file (data/weights/load.node.ts). */
export interface FileInitialization {
  readonly kind: "file";
  readonly path: string;
  /** Their digest, 64 hex digits; left out until the file is read (given.ts). */
  readonly parameters?: string;
}

export interface Study {
  /** Name of the study and of its default output folder. */
  readonly name: string;
  /** The question in one sentence. */
  readonly question: string;
  readonly dataset: DataSource & KeptExamples & ExampleChoices;
  readonly model: {
    /** Hidden layers from input to output; "width" stands for the swept width. */
    readonly hidden: readonly (number | "width")[];
    /** Standard deviation of normal initial weights, of all layers or one for each; left out where init is given. */
    readonly init_std?: number | readonly number[];
    readonly init?: keyof typeof initializations | "torch" | FileInitialization;
    /** Left out where layers have biases. */
    readonly bias?: false;
    /** Left out for standard. */
    readonly parametrization?: "ntk" | { readonly kind: "mup"; readonly base_width: number };
  } & PartNames<typeof MODEL_PARTS>;
  readonly training: {
    /** "eta_star / 2" asks for the learning-rate search. */
    readonly learning_rate: number | "eta_star / 2";
    /** λ in loss + λ/2 · Σ‖W‖²; defaults to 0. */
    readonly regularization: number;
    readonly passes: number;
    /** Factors on the learning rate; left out where they are 1. */
    readonly layer_rates?: LayerRates;
    /** Left out for constant. */
    readonly schedule?: ScheduleChoice;
    /** Left out for SGD without momentum. */
    readonly optimizer?: OptimizerChoice;
    /** Examples of a step, or all of them in order; left out for 1. */
    readonly batch?: number | "full";
  } & PartNames<typeof TRAINING_PARTS>;
  /** The learning-rate search; unused where the learning rate is a number. */
  readonly search: {
    /** Width at which η* is searched; defaults to 32. */
    readonly width: number;
    /** A rate converges if one pass brings the training loss below this share of what it was; defaults to 0.5. */
    readonly factor: number;
    /** Left out for the first seed alone. */
    readonly seeds?: "all";
    /** Of several seeds: left out for the median of their losses. */
    readonly rule?: "every";
  };
  readonly sweep: {
    /** Empty where no layer is "width". */
    readonly width: readonly number[];
    /** Other axes by their paths, sorted; the study has the first of their values. */
    readonly paths?: Readonly<Record<string, readonly AxisValue[]>>;
    /** Groups of axes that turn together. */
    readonly zip?: readonly (readonly string[])[];
    /** Of a map: its axes that are ranges, between whose points it can be refined. */
    readonly ranges?: Readonly<Record<string, SpacedRange>>;
    /** Sections as they are written without what is swept, where they cannot be told from how they are resolved. */
    readonly within?: Readonly<Partial<Record<SectionName, Readonly<Record<string, unknown>>>>>;
  };
  readonly streams:
    | { readonly kind: "notebook"; readonly numpy_seed: number; readonly torch_seed: number }
    | { readonly kind: "named"; readonly study_seed: number; readonly seeds: readonly number[] };
  /** Left out for every pass. */
  readonly evaluate?: EvaluationSchedule;
  /** What ends trials of the sweep before their passes; left out for nothing. */
  readonly stop?: StopRules;
  /** What is measured of the sweep's trials at their evaluations; left out for nothing. */
  readonly measure?: readonly MeasurementChoice[];
  /** Questions by their names in the catalogue, each with its settings; left out, those of the homework. */
  readonly ask?: readonly Named[];
}
