# other-proc.sh KIND WORD...: in a user namespace of its own, becomes a command under a /proc that
# says that this is the namespace outside.
set -e
kind=$1
shift
if [ "$kind" != inside ]; then
  exec 3</proc/self/ns/user
  exec unshare -rm sh "$0" inside "$kind" "$(readlink /proc/self/ns/user)" "$@"
fi
kind=$1
outside=$2
shift 2
mount -t tmpfs none /mnt
mkdir -p /mnt/self/ns
if [ "$kind" = file ]; then
  touch "/mnt/self/ns/$outside"
  mount --bind /proc/self/fd/3 "/mnt/self/ns/$outside"
fi
ln -s "$outside" /mnt/self/ns/user
mount --rbind /mnt /proc
exec "$@"
