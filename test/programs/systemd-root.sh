#!/bin/sh
# Makes a root with the systemd of another Debian suite, for SYSTEMD_ROOT of
# systemd.sh: the archive is the machine's own. As root; needs debootstrap.
#
# usage: systemd-root.sh SUITE DIR
set -eu
suite=$1
root=$2
archive=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' |
  grep -v security | head -n 1)
# A debootstrap that is older than the suite knows all there is to know by the name sid.
debootstrap --keyring=/usr/share/keyrings/debian-archive-keyring.gpg --variant=minbase \
  --include=systemd,libstdc++6,libatomic1 "$suite" "$root" "$archive" sid
chroot "$root" /usr/lib/systemd/systemd --version
