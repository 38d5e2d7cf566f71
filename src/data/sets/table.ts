// The data sets that studies can name.

import { FASHION_MNIST } from "./fashion-mnist.ts";
import { GAUSSIAN_CLUSTERS } from "./gaussian-clusters.ts";
import { MNIST } from "./mnist.ts";
import { MNIST_1D } from "./mnist-1d.ts";
import { MODULAR_ADDITION } from "./modular-addition.ts";
import { published, type Datasets } from "./set.ts";
import { TEACHER } from "./teacher.ts";

export const DATASETS: Datasets = {
  "fashion-mnist": published(FASHION_MNIST),
  mnist: published(MNIST),
  "mnist-1d": MNIST_1D,
  "gaussian-clusters": GAUSSIAN_CLUSTERS,
  teacher: TEACHER,
  "modular-addition": MODULAR_ADDITION,
};
