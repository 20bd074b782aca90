#!/bin/sh
# Seal just what a Node program loads, and run it under the policy: no other file
# of the tree can become code then.
# usage, in the application's folder: watch.sh PROGRAM [ARGUMENT...]; let it do
# all that it does in production, and end.
set -eu
log=$(mktemp -d)/audit.jsonl

# 1 says that something would be refused, which is why it is sealed.
mayexec scan --audit-log "$log" -- node "$@" || [ $? -eq 1 ]
mayexec seal --from-audit "$log" .
mayexec run --lock -- node "$@"
