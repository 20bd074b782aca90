#!/bin/sh
# Loads a small SELinux policy and runs the arguments under it. A file whose security.selinux is
# lab:object_r:refused_t may be read and not executed.
set -eu
here=$(dirname "$(realpath "$0")")
secilc -c 33 -o /run/policy -f /dev/null "$here/selinux.cil"
mount -t selinuxfs none /sys/fs/selinux
cat /run/policy >/sys/fs/selinux/load
echo 1 >/sys/fs/selinux/enforce
exec "$@"
