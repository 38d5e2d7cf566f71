// Loads a data set from the user's own file or folder on this machine.

import type { LoadedDataset } from "./dataset.ts";
import { MACHINE_FILES } from "./files/machine.node.ts";
import type { PathOptions } from "./formats/csv-files.ts";
import { readPath } from "./read-path.ts";

/** See readPath. */
export function loadPath(path: string, options: PathOptions = {}): Promise<LoadedDataset> {
  return readPath(path, options, MACHINE_FILES);
}
