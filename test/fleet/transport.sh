#!/bin/sh
# Sends logs between two network namespaces by the files of docs/recipes/fleet: by rsyslog, with a
# rotation in between, and by journald's remote units, without TLS. What arrives must be what was
# sent, line by line. usage, as root: transport.sh LOG
# ROOT is a folder with Debian's rsyslog and systemd-journal-remote and their libraries, if they are
# not installed (dpkg-deb -x).
set -eu
root=${ROOT:-}
if [ "${1:-}" != inside ]; then
  exec unshare --mount --net -- "$0" inside "$(realpath "$1")"
fi
log=$2
recipes=$(realpath "$(dirname "$0")/../../docs/recipes/fleet")
work=$(mktemp -d)
pids=
finish() {
  for pid in $pids; do kill "$pid" || :; done
  wait || :
  rm -rf "$work"
}
trap finish EXIT
trap "exit 1" INT TERM
export LD_LIBRARY_PATH="$root/usr/lib/x86_64-linux-gnu"
modules=$root/usr/lib/x86_64-linux-gnu/rsyslog
units=$root/lib/systemd

# This namespace is the host's, 10.9.0.1. The other one is the collector's, 10.9.0.2.
unshare --net sleep 600 &
other=$!
pids=$other
while [ "$(readlink "/proc/$other/ns/net")" = "$(readlink /proc/self/ns/net)" ]; do sleep 0.1; done
net=/proc/$other/ns/net
there() { nsenter --net="$net" "$@"; }
ip link add name fleet type veth peer name fleet netns "$other"
ip address add 10.9.0.1/24 dev fleet
ip link set fleet up
there ip address add 10.9.0.2/24 dev fleet
there ip link set fleet up

# The lines of a file that only grows.
await() {
  for _ in $(seq 300); do
    [ -e "$1" ] && [ "$(wc -l <"$1")" -ge "$2" ] && return
    sleep 0.1
  done
  echo "$1 has not got $2 lines" >&2
  return 1
}
same() {
  sort "$log" >"$work/sent"
  sort "$1" | cmp - "$work/sent"
  echo "$2: $(wc -l <"$1") lines, $(wc -c <"$1") bytes, as they were sent, in ${1#"$work/"}"
}

lines=$(wc -l <"$log")
half=$((lines / 2))
mkdir "$work/mayexec" "$work/spool"
sed "s|/var/log/mayexec|$work/mayexec|; s|/var/spool/rsyslog|$work/spool|; s|\"collector\"|\"10.9.0.2\"|" \
  "$recipes/rsyslog-host.conf" >"$work/host.conf"
sed "s|/var/log/fleet|$work|" "$recipes/rsyslog-collector.conf" >"$work/collector.conf"
for end in host collector; do
  "$root/usr/sbin/rsyslogd" -N 1 -M "$modules" -f "$work/$end.conf"
done
nsenter --net="$net" "$root/usr/sbin/rsyslogd" -n -M "$modules" -f "$work/collector.conf" -i "$work/collector.pid" &
pids="$pids $!"
"$root/usr/sbin/rsyslogd" -n -M "$modules" -f "$work/host.conf" -i "$work/host.pid" &
pids="$pids $!"
head -n "$half" "$log" >>"$work/mayexec/app.jsonl"
day=$(date +%F)
arrived=$work/logs/10.9.0.1/$day.jsonl
await "$arrived" "$half"
# As mayexec rotates: the file gets another name, and the next record makes a new one.
mv "$work/mayexec/app.jsonl" "$work/mayexec/app.1"
tail -n +"$((half + 1))" "$log" >>"$work/mayexec/app.jsonl"
await "$arrived" "$lines"
same "$arrived" rsyslog

# The host's journal, as mayexec's records are in one.
awk '{ printf "__REALTIME_TIMESTAMP=%.0f\n_BOOT_ID=00000000000000000000000000000001\n", 1772960000000000 + NR
  printf "PRIORITY=6\nSYSLOG_IDENTIFIER=mayexec\nMESSAGE=%s\n\n", $0 }' "$log" >"$work/export"
mkdir "$work/own" "$work/remote"
"$units/systemd-journal-remote" --output="$work/own/host.journal" - <"$work/export"
nsenter --net="$net" "$units/systemd-journal-remote" --listen-http=19532 --split-mode=host --output="$work/remote" &
pids="$pids $!"
for _ in $(seq 100); do
  there sh -c 'cat /proc/net/tcp /proc/net/tcp6' | grep -q ':4C4C ' && break
  sleep 0.1
done
"$units/systemd-journal-upload" --url=http://10.9.0.2:19532 --directory="$work/own" --save-state="$work/state" &
pids="$pids $!"
rm -rf "$work/logs"
for _ in $(seq 100); do
  sh "$recipes/from-journal.sh" "$work/remote" "$work/logs"
  set -- "$work"/logs/*/*.jsonl
  [ -e "$1" ] && [ "$(wc -l <"$1")" -ge "$lines" ] && break
  sleep 0.1
done
same "$1" journald
