// Where a result comes from, as far as the result itself does not say: told by whoever ran the study.

import type { TestedClaim } from "../claims/claim.ts";

export interface Provenance {
  /** Version by name: widthwise, numerics, node, platform, … in the order to be shown. */
  readonly versions: Readonly<Record<string, string | number>>;
  /** Wall seconds by stage: total, data, search, training, … in the order to be shown. */
  readonly seconds: Readonly<Record<string, number>>;
  /** The command line that gives this result again. */
  readonly command: string;
  readonly dataset: {
    readonly name: string;
    /** Where its files were found, e.g. a folder or an address. */
    readonly origin: string;
    /** As Dataset.digest: 64 hex digits. */
    readonly digest: string;
    /** Pixels that are constant in a subset and not in the test set, in the seed with the most; left out for none. */
    readonly misleading_pixels?: number;
    /** The same of a data set that has no images. */
    readonly misleading_inputs?: number;
  };
  /** Where the study was run to test a published claim. */
  readonly claim?: TestedClaim;
}
