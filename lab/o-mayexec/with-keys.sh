#!/bin/sh
# Prepares a guest with O_MAYEXEC and runs the arguments there.
#
# IMA measures what is opened with the flag, and appraises such files of the user LAB_IMA_OWNER.
# ../integrity/sign.sh signs for it.
set -eu
here=$(dirname "$(realpath "$0")")

. "$here/../integrity/keys.sh"
cat >/sys/kernel/security/ima/policy <<.
measure func=FILE_CHECK mask=^MAY_OPENEXEC
appraise func=FILE_CHECK mask=^MAY_OPENEXEC fowner=$LAB_IMA_OWNER appraise_type=imasig
.

exec "$@"
