#!/bin/sh
# Makes a root of a Debian suite, from the archive that the machine's own apt
# uses. As root; needs debootstrap.
#
# usage: debian-root.sh SUITE DIR PACKAGE[,PACKAGE...]
set -eu
suite=$1
root=$2
packages=$3
archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' |
  grep -v security | head -n 1)
# What a debootstrap that is older than the suite has to know, it knows under the name sid.
debootstrap --keyring=/usr/share/keyrings/debian-archive-keyring.gpg --variant=minbase \
  --include="$packages" "$suite" "$root" "$archive" sid
