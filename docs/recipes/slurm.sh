#!/bin/bash
# A study on a Slurm cluster, from where jobs are submitted:
#
#     bash slurm.sh STUDY [SHARDS] [options of sbatch…]
#     bash slurm.sh ./mine.yaml 64 --time=2:00:00 --cpus-per-task=4
#
# Trains what the study asks for in shards, merges them, and begins again as long as it asks for more.
set -euo pipefail

study=${1:?a study is wanted}
shards=${2:-64}
shift $(($# < 2 ? $# : 2))

while widthwise sbatch "$study" --shards "$shards" > job.sh; do
  sbatch --wait "$@" job.sh
  widthwise merge shards/*/*.db
done
widthwise run "$study"
