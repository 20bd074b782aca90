#!/bin/sh
# Builds docs/recipes/Dockerfile with podman, and runs the image with the options
# that it names. No registry of images is needed: what the base images hold is put
# together from Debian and from Node's package on npm. In the place of the
# published mayexec the checkout is installed, packed.
#
# As root; needs podman, buildah, crun, debootstrap and npm's registry; 3 GB, some
# minutes.
#
# usage: image.sh APP [COMMAND...]   APP: a directory with server.js and a lock file
set -eu
checkout=$(realpath "$(dirname "$0")/../..")
app=$(realpath "$1")
shift
package=$checkout/node_modules/node-24
work=$(mktemp -d)
trap 'podman_ system reset --force >/dev/null 2>&1; rm -rf "$work"' EXIT

podman_() {
  podman --root "$work/storage" --runroot "$work/run" --storage-driver overlay \
    --cgroup-manager cgroupfs "$@"
}

base=$work/base
sh "$checkout/test/programs/debian-root.sh" bookworm "$base" \
  ca-certificates,g++,make,python3,libatomic1 >"$work/debootstrap.log"
for part in bin include; do
  cp -RL "$package/$part" "$base/usr/local"
done
mkdir -p "$base/usr/local/lib/node_modules"
cp -RL "$(npm root --global)/npm" "$base/usr/local/lib/node_modules"
ln -s ../lib/node_modules/npm/bin/npm-cli.js "$base/usr/local/bin/npm"
# What the machine trusts, for its way to the registry.
cp /etc/ssl/certs/ca-certificates.crt "$base/etc/ssl/certs"
mkdir -p "$base/usr/local/etc"
printf 'nodedir=/usr/local\ncafile=/etc/ssl/certs/ca-certificates.crt\n' >"$base/usr/local/etc/npmrc"
chroot "$base" useradd --create-home --uid 1000 node
(cd "$checkout" && npm pack --silent --pack-destination "$work" >/dev/null)
cp "$work"/mayexec-*.tgz "$base/mayexec.tgz"

tar -C "$base" -c . | podman_ import --quiet - node:24-bookworm >/dev/null
podman_ tag node:24-bookworm node:24-bookworm-slim
sed 's|npm install --global mayexec|npm install --global /mayexec.tgz|' \
  "$checkout/docs/recipes/Dockerfile" >"$work/Dockerfile"
podman_ build --pull=never --network host --isolation chroot -f "$work/Dockerfile" -t app "$app"

# What follows the first line is not the recipe's, but what a machine may lack:
# a pure cgroup v2, the right to raise limits, a network for containers.
set -- --read-only --tmpfs /tmp:noexec --cap-drop ALL --security-opt no-new-privileges \
  --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 --cgroups=disabled --network=none app "$@"
export work
unshare --mount --propagation private sh -euc '
  umount --recursive /sys/fs/cgroup
  mount -t cgroup2 cgroup2 /sys/fs/cgroup
  exec podman --root "$work/storage" --runroot "$work/run" --storage-driver overlay \
    --cgroup-manager cgroupfs run --rm --pull=never "$@"' sh "$@"
