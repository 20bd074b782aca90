#!/bin/sh
# Runs the kernel's tests of its sample interpreter on this one.
# usage: kernel-selftests.sh KERNEL_SOURCE
set -eu
kernel=${1:?usage: kernel-selftests.sh KERNEL_SOURCE}
here=$(dirname "$(readlink -f "$0")")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

mkdir "$work/exec" "$work/kselftest"
cp "$kernel"/tools/testing/selftests/exec/check-exec-tests.sh "$work/exec"
cp "$kernel"/tools/testing/selftests/kselftest/ktap_helpers.sh "$work/kselftest"
cp "$kernel"/samples/check-exec/script-exec.inc "$kernel"/samples/check-exec/script-noexec.inc "$work/exec"
chmod 755 "$work"/exec/*.sh "$work/exec/script-exec.inc"
chmod 644 "$work/exec/script-noexec.inc"
# The system's own header may be older than the four bits.
mkdir -p "$work/include/linux"
cp "$kernel/include/uapi/linux/securebits.h" "$work/include/linux"
cc -o "$work/exec/set-exec" -I "$work/include" "$kernel/samples/check-exec/set-exec.c"

# The tests set PATH to the current directory, so node is named in full.
printf '#!/bin/sh\nexec "%s" "%s/inc.mjs" "$@"\n' "$(command -v node)" "$here" >"$work/exec/inc"
chmod 755 "$work/exec/inc"

cd "$work/exec"
./check-exec-tests.sh
