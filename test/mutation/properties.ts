// Properties in mutation tests: fewer examples, each mutant meets the same ones, and the first that fails is enough.

import fc from "fast-check";

fc.configureGlobal({ numRuns: 25, seed: 1, endOnFailure: true });
