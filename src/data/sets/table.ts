// The data sets that studies can name.

import { FASHION_MNIST } from "./fashion-mnist.ts";
import { published, type Datasets } from "./set.ts";

export const DATASETS: Datasets = {
  "fashion-mnist": published(FASHION_MNIST),
};
