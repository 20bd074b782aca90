#!/bin/sh
# Runs the lines of docs/recipes/Dockerfile without a container engine: RUN, COPY
# of the application and CMD, in a layer over the machine's root that is thrown
# away, which stands for both images. Left out is what brings mayexec from the
# registry and from one stage to the other: the checkout is bound in its place.
#
# usage: container.sh APP NODE   APP: a directory; NODE: the binary
set -eu
checkout=$(realpath "$(dirname "$0")/../..")

if [ "${1-}" != --inside ]; then
  work=$(mktemp -d)
  trap 'rmdir "$work"' EXIT
  # The mounts end with the namespace.
  unshare --mount --propagation private sh "$0" --inside "$work" "$@"
  exit
fi
work=$2
app=$3
node=$4
root=$work/root
mount -t tmpfs -o mode=755 tmpfs "$work"
mkdir "$work/upper" "$work/work" "$root"
mount -t overlay -o "lowerdir=/,upperdir=$work/upper,workdir=$work/work" overlay "$root"
mount -t proc proc "$root/proc"
mount --bind /dev "$root/dev"
mount -t tmpfs -o mode=1777 tmpfs "$root/tmp"
mkdir -p "$root/usr/local/lib/node_modules/mayexec" "$root/usr/local/bin"
mount --bind "$checkout" "$root/usr/local/lib/node_modules/mayexec"
rm -f "$root/usr/local/bin/mayexec" "$root/usr/local/bin/node"
cp "$node" "$root/usr/local/bin/node"
echo 'node:x:4244:4244::/nonexistent:/usr/sbin/nologin' >>"$root/etc/passwd"

directory=/
# 1: a shell command
inside() {
  chroot "$root" env -C "$directory" PATH=/usr/local/bin:/usr/bin:/bin HOME=/tmp sh -c "$1"
}
while read -r word rest; do
  case "$word $rest" in
    'RUN npm install --global mayexec')
      inside 'ln -s ../lib/node_modules/mayexec/dist/cli.cjs /usr/local/bin/mayexec'
      inside 'ln -sf "$(mayexec preload --launcher)" /usr/local/bin/mayexec-run'
      ;;
    'RUN ln -s '* | 'COPY --from='*) ;;
    'RUN '*) inside "$rest" ;;
    'WORKDIR '*)
      directory=$rest
      mkdir -p "$root$directory"
      ;;
    'COPY . .') cp -a "$app/." "$root$directory" ;;
    'COPY '*' ./') for name in ${rest% ./}; do cp -a "$app/$name" "$root$directory"; done ;;
    'USER '*) user=$rest ;;
    'CMD '*) command=$(printf %s "$rest" | tr -d '[],') ;;
    'FROM '* | '# '* | '#' | ' ') ;;
    *) echo "container.sh: what is '$word $rest'?" >&2 && exit 1 ;;
  esac
done <"$checkout/docs/recipes/Dockerfile"

# docker run --read-only --tmpfs /tmp:noexec --cap-drop ALL --security-opt no-new-privileges
mount -t tmpfs -o noexec,nosuid,nodev,mode=1777 tmpfs "$root/tmp"
mount -o remount,bind,ro "$root"
exec chroot "$root" env -i PATH=/usr/local/bin:/usr/bin:/bin setpriv --reuid "$user" --regid 4244 \
  --clear-groups --no-new-privs --bounding-set=-all --inh-caps=-all sh -c "exec $command"
