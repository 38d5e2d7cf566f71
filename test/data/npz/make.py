# Writes the .npz files of this folder with NumPy, and the digests that docs/numerics.md defines for them.
#
#   python3 make.py          (NumPy 1.24)

import hashlib
import json
import zipfile

import numpy as np
from numpy.lib import format as npy


def digest(x_train, y_train, x_test, y_test):
    """The data set's digest by docs/numerics.md; x (n, d), y (n), of texts their places among the sorted ones."""
    if y_train.dtype.kind in "US":
        names = np.unique(y_train)
        y_train, y_test = np.searchsorted(names, y_train), np.searchsorted(names, y_test)
    n, m, d = len(x_train), len(x_test), x_train[0].size
    classes = 1 + int(max(y_train.max(), y_test.max()))
    x = [np.reshape(x, (len(x), d)).astype("f8").astype("f4") + np.float32(0) for x in (x_train, x_test)]
    integers = all(((a >= 0) & (a <= 255) & (a == np.floor(a))).all() for a in x)
    kind = "uint8" if integers else "float32"
    digest = hashlib.sha256(f"widthwise/data/1/{kind}/{n}/{m}/{d}/{classes}\n".encode())
    for values, labels in zip(x, (y_train, y_test)):
        digest.update(values.astype("u1" if integers else "<f4").tobytes())
        digest.update(labels.astype("u1").tobytes())
    return digest.hexdigest()


digests = {}


def write(name, x_train, y_train, x_test, y_test, save=np.savez):
    arrays = dict(x_train=x_train, y_train=y_train, x_test=x_test, y_test=y_test)
    save(f"{name}.npz", **arrays)
    digests[name] = digest(*arrays.values())


def save_versions(path, version, **arrays):
    with zipfile.ZipFile(path, "w") as file:
        for name, array in arrays.items():
            with file.open(f"{name}.npy", "w") as member:
                npy.write_array(member, array, version=version)


def save_zip64(path, **arrays):
    limit, zipfile.ZIP64_LIMIT = zipfile.ZIP64_LIMIT, 10
    np.savez(path, **arrays)
    zipfile.ZIP64_LIMIT = limit


random = np.random.RandomState(0)
x_train, x_test = random.randint(0, 256, (5, 2, 3)), random.randint(0, 256, (3, 2, 3))
y_train, y_test = np.array([0, 3, 1, 2, 1]), np.array([2, 0, 3])
for kind in "<u1 <i2 >i2 <u2 <i4 >u4 <i8 >u8 <f2 >f2 <f4 >f4 <f8 >f8".split():
    name = ("big-" if kind[0] == ">" else "") + kind[1:]
    write(f"bytes-{name}", x_train.astype(kind), y_train.astype(kind), x_test.astype(kind), y_test)
order = np.asfortranarray
write("bytes-fortran", order(x_train), y_train[:, None], order(x_test), y_test[:, None])
write("bytes-deflated", x_train, y_train, x_test, y_test, np.savez_compressed)
write("bytes-flat", x_train.reshape(5, 6), y_train, x_test.reshape(3, 6), y_test)
write("bytes-zip64", x_train, y_train, x_test, y_test, save_zip64)
for version in (2, 3):
    save = lambda path, **arrays: save_versions(path, (version, 0), **arrays)
    write(f"bytes-version-{version}", x_train, y_train, x_test, y_test, save)

x_train, x_test = random.randn(5, 4) / 3, random.randn(3, 4)
x_train[1, 2], x_train[0, 0], x_test[2, 3] = -0.0, 1e-45, 255
write("floats-f8", x_train, y_train, x_test, y_test)
write("floats-f4", x_train.astype("f4"), y_train, x_test.astype("f4"), y_test)
write("floats-big-f8", x_train.astype(">f8"), y_train.astype("f2"), x_test.astype("f4"), y_test)
write("floats-fortran", order(x_train), y_train, order(x_test), y_test)
write("half-f2", x_train.astype("f2"), y_train, x_test.astype("f2"), y_test)
write("half-f4", x_train.astype("f2").astype("f4"), y_train, x_test.astype("f2").astype("f8"), y_test)
large = [(x * 2.0**50).astype("i8") for x in (x_train, x_test)]
write("large-i8", large[0], y_train, large[1], y_test)
write("large-f8", large[0].astype("f8"), y_train, large[1].astype("f8"), y_test)
write("signed-i1", (x_train * 9).astype("i1"), y_train, (x_test * 9).astype("i1"), y_test)
write("bool", x_train > 0, y_train, x_test > 0, y_test)
write("mixed", np.rint(abs(x_train)), y_train, x_test, y_test)

words = np.array(["virginica", "Setosa", "setosa", "\U0001f600", "setosa"])
write("words-U", x_train, words, x_test, words[[2, 0, 3]])
write("words-big-U", x_train, words.astype(">U12"), x_test, words[[2, 0, 3]].reshape(3, 1))
ascii = np.where(words == "\U0001f600", "z", words)
write("words-S", x_train, ascii.astype("S"), x_test, ascii[[2, 0, 3]].astype("S"))

with open("digests.json", "w") as file:
    json.dump(digests, file, indent=2)
    file.write("\n")
