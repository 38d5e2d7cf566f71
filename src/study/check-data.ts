// Whether a data set is one for what a study says of it.

import { InputError } from "../base/errors.ts";
import { checkDataset, type Dataset } from "../data/dataset.ts";
import { checkOtherClass } from "../data/label-noise.ts";
import { FASHION_MNIST_DIGEST } from "../data/sets/fashion-mnist.ts";
import { checkRule } from "../data/standardize.ts";
import { NEEDS_NAMED_STREAMS } from "../model/trial.ts";
import type { Study } from "./spec.ts";

/** Throws InputError where its parts do not belong together, or are nothing for what the study says of them. */
export function checkData({ dataset: said, streams }: Study, dataset: Dataset): void {
  checkDataset(dataset);
  checkRule(dataset.train, said.standardize);
  if (said.label_noise) checkOtherClass(dataset);
  const isNotebooks = said.path === undefined || dataset.digest === FASHION_MNIST_DIGEST;
  if (streams.kind === "notebook" && !isNotebooks)
    throw new InputError(`dataset.path: another data set than FashionMNIST ${NEEDS_NAMED_STREAMS}`);
}
