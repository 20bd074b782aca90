#!/bin/sh
# Seal just what an interpreter loads: run it once with an audit log.
# usage: audit.sh INTERPRETER SCRIPT; INTERPRETER is a program that opens its
# files with mayexec and calls openAuditLog(process.env.AUDIT_LOG).
set -eu
interpreter=$1
script=$2
tree=$(dirname "$script")

AUDIT_LOG=$(mktemp -d)/audit.jsonl
export AUDIT_LOG
node "$interpreter" "$script"

mayexec seal --from-audit "$AUDIT_LOG" "$tree"
mayexec check "$script"
