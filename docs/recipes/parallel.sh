#!/bin/bash
# A study by GNU parallel, on this machine or on others that see the same files:
#
#     bash parallel.sh STUDY [SHARDS] [options of parallel…]
#     bash parallel.sh ./mine.yaml 16 --sshloginfile hosts --workdir .
#
# Given again, it goes on where it was.
set -euo pipefail

study=${1:?a study is wanted}
shards=${2:-16}
shift $(($# < 2 ? $# : 2))

mkdir -p shards
seq "$shards" | parallel --quote "$@" \
  widthwise run "$study" --shard "{}/$shards" --store "shards/{}.db" --workers 1

widthwise merge shards/*.db
widthwise run "$study"
