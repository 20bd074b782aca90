#!/bin/sh
# fluent-bit.sh LOG: sends a log by docs/recipes/fleet/fluent-bit.yaml to its collector, on this
# machine and without TLS, and compares what arrives. Half of it is there before Fluent Bit starts,
# and the file is rotated in between. FLUENT_BIT names the program.
set -eu
log=$(realpath "$1")
program=${FLUENT_BIT:-fluent-bit}
recipes=$(dirname "$(realpath "$0")")/../../docs/recipes/fleet
work=$(mktemp -d)
pids=
trap 'kill $pids 2>/dev/null; wait; rm -rf "$work"' EXIT
mkdir "$work/mayexec" "$work/state" "$work/logs"
for end in fluent-bit fluent-bit-collector; do
  sed "s|/var/log/mayexec|$work/mayexec|; s|/var/lib/fluent-bit|$work/state|
    s|/var/log/fleet/logs|$work/logs|; s|host: collector|host: 127.0.0.1|; s|0\.0\.0\.0|127.0.0.1|
    s|tls: on|tls: off|; /tls\./d; s|flush: 5|flush: 1|" "$recipes/$end.yaml" >"$work/$end.yaml"
done
lines=$(wc -l <"$log")
half=$((lines / 2))
arrived=$work/logs/mayexec.host
await() {
  for _ in $(seq 600); do
    [ -e "$arrived" ] && [ "$(wc -l <"$arrived")" -ge "$1" ] && return
    sleep 0.2
  done
  cat "$work/messages" >&2
  echo "$arrived has not got $1 lines" >&2
  return 1
}
head -n "$half" "$log" >"$work/mayexec/app.jsonl"
for end in fluent-bit-collector fluent-bit; do
  HOSTNAME=host "$program" -q -c "$work/$end.yaml" >>"$work/messages" 2>&1 &
  pids="$pids $!"
done
await "$half"
# As mayexec rotates: the file gets another name, and the next record makes a new one.
mv "$work/mayexec/app.jsonl" "$work/mayexec/app.1"
tail -n +"$((half + 1))" "$log" >"$work/mayexec/app.jsonl"
await "$lines"
cmp "$arrived" "$log"
echo "Fluent Bit: $lines lines, $(wc -c <"$log") bytes, as they were sent"
