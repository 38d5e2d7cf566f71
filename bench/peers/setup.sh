#!/bin/sh
# Gets what widthwise is measured against, all of it under this folder: npm's packages into node_modules/ (Node 24
# among them), Python's newest ones into .venv/. A package that cannot be had is a missing row, so nothing here is
# fatal. Debian's own are for the system's package manager: sudo apt-get install python3-torch python3-scipy
cd "$(dirname "$0")" || exit 1

npm ci || echo "setup: no npm packages" >&2

[ -x .venv/bin/python ] || python3 -m venv .venv || exit
for packages in "numpy scipy" "jax" "torch"; do
  # shellcheck disable=SC2086 # a list of words
  .venv/bin/python -m pip install --quiet --upgrade $packages || echo "setup: no $packages" >&2
done
