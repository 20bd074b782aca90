# Runs a command in a mount namespace of its own, where a folder of a tree is on a noexec
# mount: noexec.sh FOLDER COMMAND
set -e
mount --make-rprivate /
mount -t tmpfs -o noexec none "$1"
touch "$1/a.js" "$1/b.js"
chmod +x "$1/a.js"
shift
exec "$@"
