#!/bin/sh
# Runs the kernel's own selftests of execution in this guest, and counts their cases.
#
# usage: selftests.sh DIRECTORY
#
# DIRECTORY/exec is what these commands make of a kernel's source (with libcap-dev):
#   make headers_install INSTALL_HDR_PATH=HEADERS
#   make -C tools/testing/selftests/exec OUTPUT=DIRECTORY/exec top_srcdir=$PWD \
#     KHDR_INCLUDES='-isystem HEADERS/include'
# with check-exec-tests.sh, binfmt_script.py and Makefile of that folder beside them, and
# DIRECTORY/kselftest has ktap_helpers.sh.
set -u
# The guest has no udev, and a script that is executed by its descriptor is /dev/fd/N to its interpreter.
[ -e /dev/fd ] || ln -s /proc/self/fd /dev/fd
copy=$(mktemp -d)
cp -a "$1/." "$copy"
cd "$copy/exec" || exit 1
wrong=0
for test in check-exec check-exec-tests.sh execveat non-regular null-argv recursion-depth \
  binfmt_script.py load_address.0x1000 load_address.static.0x1000; do
  "./$test" >output 2>&1
  status=$?
  printf '%s: %s ok, %s not ok, %s skipped, status %s\n' "$test" \
    "$(grep -c '^ok' output)" "$(grep -c '^not ok' output)" "$(grep -ci '^ok.*# SKIP' output)" "$status"
  case $status in
    0 | 4) ;;
    *)
      wrong=1
      grep '^not ok' output | head -n 20
      ;;
  esac
done
exit $wrong
