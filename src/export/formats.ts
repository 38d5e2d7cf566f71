// The formats that trials are exported in, by name.

import type { Standardization } from "../data/standardize.ts";
import type { Parameters } from "../model/network.ts";
import { csvWriter } from "./csv.ts";
import { jsonWriter } from "./json.ts";
import { npz } from "./npz.ts";
import { parquetWriter } from "./parquet.ts";
import { safetensors } from "./safetensors.ts";

/** Of trajectories: each makes a writer of some columns. */
export const TABLES = { csv: csvWriter, json: jsonWriter, parquet: parquetWriter };

/** What goes with a network's weights, where a format has room for it. */
interface Beside {
  readonly metadata: Readonly<Record<string, string>>;
  readonly predictions: Float32Array | null;
}

type WeightsWriter = (
  parameters: Parameters,
  inputs: Standardization,
  beside: Beside,
) => Uint8Array<ArrayBuffer>;

/** Of a network's weights: each makes a file of parameters, standardization and what goes with them. */
export const WEIGHTS = {
  npz: (parameters, inputs, { predictions }) => npz(parameters, inputs, predictions),
  safetensors: (parameters, inputs, { metadata }) => safetensors(parameters, inputs, metadata),
} satisfies Record<string, WeightsWriter>;
