#!/bin/sh
# Runs the arguments under a profile that refuses to execute what is called refused.cjs.
set -eu
cat >/run/profile <<'.'
profile lab flags=(attach_disconnected) {
  capability,
  file,
  mount,
  network,
  ptrace,
  signal,
  umount,
  unix,
  deny /**/refused.cjs x,
}
.
apparmor_parser --skip-cache --add /run/profile
exec aa-exec --profile=lab -- "$@"
