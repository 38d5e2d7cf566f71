// The formats that trials are exported in, by name.

import { csvWriter } from "./csv.ts";
import { jsonWriter } from "./json.ts";
import { npz } from "./npz.ts";
import { parquetWriter } from "./parquet.ts";
import { safetensors } from "./safetensors.ts";

/** Of trajectories: each makes a writer of some columns. */
export const TABLES = { csv: csvWriter, json: jsonWriter, parquet: parquetWriter };

/** Of a network's weights: each makes a file of parameters, standardization and metadata, where it has room for that. */
export const WEIGHTS = { npz, safetensors };
