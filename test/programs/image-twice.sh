#!/bin/sh
# Builds an image of an application twice with buildah, each time from a new copy,
# and seals it in between, as docs/recipes/Dockerfile does. The digests must be the
# same, and another one when a file has another x bit.
#
# The image is FROM scratch: no registry is needed. It has Node, the libraries that
# it needs, the checkout's mayexec and the application.
#
# As root; needs buildah (apt-get install --no-install-recommends buildah); 1 GB.
#
# usage: image-twice.sh APP   APP: a directory with server.js
set -eu
command -v buildah >/dev/null || {
  echo 'image-twice.sh: buildah is missing (apt-get install --no-install-recommends buildah)' >&2
  exit 1
}
checkout=$(realpath "$(dirname "$0")/../..")
app=$(realpath "$1")
node=$(realpath "$checkout/node_modules/node-24/bin/node")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

buildah_() {
  command=$1
  shift
  buildah --root "$work/storage" --runroot "$work/run" --storage-driver vfs "$command" "$@"
}

# Makes the context of a build anew: other inodes, other times.
context() {
  base=$work/$1/root
  mayexec=$base/usr/local/lib/node_modules/mayexec
  mkdir -p "$base/usr/bin" "$mayexec/build/Release"
  cp "$node" "$base/usr/bin/node"
  ldd "$node" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$base/$(dirname "$library")"
    cp -L "$library" "$base/$library"
  done
  cp -R "$checkout/dist" "$checkout/package.json" "$mayexec"
  cp "$checkout/build/Release/mayexec.node" "$mayexec/build/Release"
  cp -R "$app" "$work/$1/app"
  cat >"$work/$1/Dockerfile" <<'END'
FROM scratch
COPY root /
COPY app /srv/app
RUN ["/usr/bin/node", "/usr/local/lib/node_modules/mayexec/dist/cli.cjs", "seal", "--no-journal", "/srv/app"]
CMD ["/usr/bin/node", "/srv/app/server.js"]
END
}

# Prints the digest of the image's manifest.
build() {
  buildah_ bud --quiet --isolation chroot --timestamp 0 --no-cache --tag "$1" "$work/$1" >"$work/$1.log"
  buildah_ inspect --type image --format '{{.FromImageDigest}}' "$1"
}

for name in first second changed; do
  context "$name"
done
chmod +x "$work"/changed/app/package.json
first=$(build first)
second=$(build second)
changed=$(build changed)
printf 'first   %s\nsecond  %s\nanother mode  %s\n' "$first" "$second" "$changed"
[ "$first" = "$second" ] || { echo 'the same application has two digests' >&2; exit 1; }
[ "$first" != "$changed" ] || { echo 'another mode has the same digest' >&2; exit 1; }
