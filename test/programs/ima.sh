#!/bin/sh
# docs/recipes/ima.sh before a kernel that appraises: what is signed runs under the
# policy, what was altered or never signed does not.
#
#   npm run lab -- integrity -- sh test/programs/ima.sh [NODE]
#
# In the guest of lab/integrity, whose IMA wants a signature of every file that
# belongs to LAB_IMA_OWNER when it is executed.
set -eu
here=$(dirname "$(realpath "$0")")
node=$(realpath "${1:-$(command -v node)}")
root=$here/../..
: "${LAB_IMA_OWNER:?run it in the integrity guest}"

mayexec() {
  "$node" "$root/dist/cli.cjs" "$@"
}

# 1: a sentence, 2: what the program prints, or what is printed of its refusal.
expect() {
  said=$(mayexec run --lock -- "$node" app/main.cjs 2>&1) || true
  case $said in
    *"$2"*) echo "as expected: $1" ;;
    *) echo "expected: $1, but: $said" && exit 1 ;;
  esac
}

cd "$(mktemp -d)"
mkdir -p app/node_modules/dependency
echo 'console.log("main and", require("dependency"))' >app/main.cjs
echo 'module.exports = "dependency"' >app/node_modules/dependency/index.js
mayexec seal app
chown -R "$LAB_IMA_OWNER" app

expect 'sealed and not signed is refused' "main.cjs': its mode and mount allow execution, so a security module"
sh "$root/docs/recipes/ima.sh" app "$LAB_KEYS/key.pem" "$LAB_KEYS/certificate.der"
expect 'signed runs, and what it requires' 'main and dependency'
echo '// altered' >>app/node_modules/dependency/index.js
expect 'a line more in what it requires is refused' "index.js': its mode and mount allow execution, so a security module"
echo 'module.exports = "new"' >app/node_modules/dependency.js
chmod +x app/node_modules/dependency.js
chown "$LAB_IMA_OWNER" app/node_modules/dependency.js
expect 'a new file beside it is refused' "dependency.js': its mode and mount allow execution, so a security module"
