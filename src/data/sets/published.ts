// The published data sets whose numbers are recognized in any file, and have the digest of their own files.

import type { IdxDataset } from "../formats/idx-dataset.ts";
import { FASHION_MNIST } from "./fashion-mnist.ts";
import { MNIST } from "./mnist.ts";

export const PUBLISHED: readonly IdxDataset[] = [FASHION_MNIST, MNIST];
