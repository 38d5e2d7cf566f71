// FashionMNIST as published (H. Xiao, K. Rasul, R. Vollgraf, arXiv:1708.07747): names, digests, mirrors.

import type { IdxDataset } from "../formats/idx-dataset.ts";

/** SHA-256 over the digests of its files, hex. */
export const FASHION_MNIST_DIGEST =
  "4d8e31d2057f6f938ff47097ba334038e7aafbaf24b67665d2dd1ecda01730a3";

/** 60000 training and 10000 test images of 28×28 pixels in ten classes. */
export const FASHION_MNIST: Required<IdxDataset> = {
  name: "fashion-mnist",
  title: "FashionMNIST",
  classNames: [
    "T-shirt/top",
    "Trouser",
    "Pullover",
    "Dress",
    "Coat",
    "Sandal",
    "Shirt",
    "Sneaker",
    "Bag",
    "Ankle boot",
  ],
  image: { rows: 28, columns: 28 },
  // Digests of what is inside the archives: distributors compress them anew.
  files: [
    {
      name: "train-images-idx3-ubyte",
      bytes: 47040016,
      sha256: "c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888",
    },
    {
      name: "train-labels-idx1-ubyte",
      bytes: 60008,
      sha256: "bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9",
    },
    {
      name: "t10k-images-idx3-ubyte",
      bytes: 7840016,
      sha256: "5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b",
    },
    {
      name: "t10k-labels-idx1-ubyte",
      bytes: 10008,
      sha256: "0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34",
    },
  ],
  mirrors: [
    "https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/",
    "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com/",
  ],
  debian: { package: "dataset-fashion-mnist", directory: "/usr/share/datasets/fashion-mnist" },
};
