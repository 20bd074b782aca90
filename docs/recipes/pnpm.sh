#!/bin/sh
# pnpm install, then seal. pnpm links files from its store, and one mode belongs
# to all names of a file: have it copy them instead.
set -eu

pnpm install --ignore-scripts --config.package-import-method=copy

mayexec seal .
mayexec scan .
