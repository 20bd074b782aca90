# Runs a command where a folder that a user owns is on a mount of some kind:
# writable.sh noexec|read-only FOLDER USER COMMAND
set -e
kind=$1 folder=$2 user=$3
shift 3
case $kind in
  noexec)
    mount -t tmpfs -o noexec none "$folder"
    cp /bin/true "$folder/index.js"
    chown -R "$user" "$folder"
    ;;
  read-only)
    mount --bind "$folder" "$folder"
    mount -o remount,bind,ro "$folder"
    ;;
esac
exec "$@"
