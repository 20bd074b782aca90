#!/bin/sh
# On the collector: writes logs/HOST/….jsonl from the journals of systemd-journal-remote.
# usage: from-journal.sh /var/log/journal/remote LOGS
set -eu
for journal in "$1"/remote-*.journal; do
  [ -e "$journal" ] || continue
  name=$(basename "$journal" .journal)
  # What journald has rotated has the host's name, @ and more.
  host=${name#remote-}
  folder=$2/${host%%@*}
  mkdir -p "$folder"
  # MESSAGE alone, as the record was sent.
  journalctl --file "$journal" --identifier mayexec --output cat >"$folder/$name.new"
  mv "$folder/$name.new" "$folder/$name.jsonl"
done
