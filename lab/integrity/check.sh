#!/bin/sh
# Is this kernel's integrity what the tests rely on? Run it through with-keys.sh.
set -eu
here=$(dirname "$(realpath "$0")")
measurements=/sys/kernel/security/ima/ascii_runtime_measurements
wrong=0
right=0

# 1: expected answer; the rest: arguments of the tool.
expect() {
  expected=$1
  shift
  answer=$("$LAB_TOOL" "$@")
  if [ "${answer%% *}" = "$expected" ]; then
    right=$((right + 1))
  else
    wrong=$((wrong + 1))
    echo "wrong: $* answers $answer, expected $expected"
  fi
}

# 1: file. A script that may be executed as far as its mode says.
script() {
  printf '#!/bin/sh\necho %s\n' "$1" >"$1"
  chmod 755 "$1"
}

cd "$(mktemp -d)"
for name in signed altered unsigned other; do
  script "$name"
done
chown "$LAB_IMA_OWNER" signed altered unsigned
sh "$here/sign.sh" ima signed altered
echo '# more' >>altered
expect allowed check signed
expect EACCES check altered
expect EACCES check unsigned
expect allowed check other
for name in signed altered unsigned other; do
  if grep -q "$PWD/$name\$" "$measurements"; then
    right=$((right + 1))
  else
    wrong=$((wrong + 1))
    echo "wrong: IMA has not measured $name"
  fi
done

cd "$LAB_VERITY"
script protected
script plain
sh "$here/sign.sh" verity protected
expect allowed check protected
expect allowed check plain
expect allowed check-under verity open protected
expect EACCES check-under verity open plain
expect allowed check plain

grep -q landlock /sys/kernel/security/lsm && right=$((right + 1)) || wrong=$((wrong + 1))
echo "$(cat /sys/kernel/security/lsm): $right as expected, $wrong wrong"
[ "$wrong" = 0 ]
