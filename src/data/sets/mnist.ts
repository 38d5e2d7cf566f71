// MNIST as published (Y. LeCun, C. Cortes, C. Burges, "The MNIST database of handwritten digits"): names, digests, mirrors.

import type { IdxDataset } from "../formats/idx-dataset.ts";

/** 60000 training and 10000 test images of 28×28 pixels in ten classes. */
export const MNIST: IdxDataset = {
  name: "mnist",
  title: "MNIST",
  classNames: ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
  image: { rows: 28, columns: 28 },
  // Digests of what is inside the archives. The published archives themselves have
  // 440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609,
  // 3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c,
  // 8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6 and
  // f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6.
  files: [
    {
      name: "train-images-idx3-ubyte",
      bytes: 47040016,
      sha256: "ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db",
    },
    {
      name: "train-labels-idx1-ubyte",
      bytes: 60008,
      sha256: "65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5",
    },
    {
      name: "t10k-images-idx3-ubyte",
      bytes: 7840016,
      sha256: "0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7",
    },
    {
      name: "t10k-labels-idx1-ubyte",
      bytes: 10008,
      sha256: "ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2",
    },
  ],
  mirrors: [
    "https://ossci-datasets.s3.amazonaws.com/mnist/",
    "https://storage.googleapis.com/cvdf-datasets/mnist/",
  ],
};
