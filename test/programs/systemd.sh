#!/bin/sh
# Runs docs/recipes/app.service under a systemd of its own: first process of new
# namespaces and of a new cgroup, its root a layer over the machine's that is
# thrown away. Prints what systemd-analyze has to say, then what the service printed.
#
# usage: systemd.sh APP NODE [COMMAND]
#   APP      a directory; becomes /srv/app
#   NODE     the binary; becomes /usr/bin/node
#   COMMAND  instead of the unit's ExecStart=
# In the environment:
#   SYSTEMD_ROOT  another root than the machine's, with another systemd:
#                 debian-root.sh forky DIR systemd,libstdc++6,libatomic1
#   SECUREBITS    words for SecureBits=, since systemd 262
#   JOURNAL       an identifier: a journal runs, too, and what it has under it is printed
set -eu
checkout=$(realpath "$(dirname "$0")/../..")

if [ "${1-}" != --inside ]; then
  work=$(mktemp -d)
  mkdir "$work/cgroups" "$work/memory"
  trap 'rm -r "$work"' EXIT
  # The mounts end with the namespace; the cgroup is removed from within.
  unshare --mount --propagation private sh "$0" --inside "$work" "$@"
  exit
fi

shift
if [ "$1" != --booting ]; then
  work=$1
  mount -t cgroup2 cgroup2 "$work/cgroups"
  cgroup=$work/cgroups/mayexec-$$
  mkdir "$cgroup"
  status=0
  (
    echo 0 >"$cgroup/cgroup.procs"
    exec timeout --kill-after=5 60 unshare --pid --fork --kill-child --mount --cgroup --uts \
      --ipc --net sh "$0" --inside --booting "$@"
  ) >"$work/console" 2>&1 || status=$?
  echo 1 >"$cgroup/cgroup.kill"
  # A cgroup can be removed once its last process is gone.
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    find "$cgroup" -depth -type d -exec rmdir {} + 2>/dev/null && break
    sleep 0.2
  done
  [ "$status" = 0 ] || cat "$work/console"
  cat "$work/output"
  exit "$status"
fi

work=$2
app=$3
node=$4
command=${5-}
root=$work/memory/root
mount -t tmpfs -o mode=755 tmpfs "$work/memory"
mkdir "$work/memory/upper" "$work/memory/work" "$root"
mount -t overlay -o "lowerdir=$(realpath "${SYSTEMD_ROOT:-/}"),upperdir=$work/memory/upper,workdir=$work/memory/work" overlay "$root"
for directory in run tmp dev var/lib etc/systemd/system; do
  mount -t tmpfs -o mode=755 tmpfs "$root/$directory"
done
mount -t proc proc "$root/proc"
mount -t sysfs sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
for device in null zero full random urandom tty; do
  touch "$root/dev/$device"
  mount --bind "/dev/$device" "$root/dev/$device"
done
mkdir "$root/dev/pts" "$root/dev/shm" "$root/dev/mqueue"
mount -t devpts -o newinstance,ptmxmode=666 devpts "$root/dev/pts"
mount -t tmpfs -o mode=1777 tmpfs "$root/dev/shm"
ln -s pts/ptmx "$root/dev/ptmx"
touch "$work/output"
touch "$root/run/output"
mount --bind "$work/output" "$root/run/output"

# npm install --global mayexec
mkdir -p "$root/usr/lib/node_modules/mayexec" "$root/srv/app"
mount --bind "$checkout" "$root/usr/lib/node_modules/mayexec"
ln -sf ../lib/node_modules/mayexec/dist/cli.cjs "$root/usr/bin/mayexec"
ln -sf ../lib/node_modules/mayexec/build/Release/mayexec-run "$root/usr/bin/mayexec-run"
rm -f "$root/usr/bin/node"
cp "$node" "$root/usr/bin/node"
cp -a "$app/." "$root/srv/app"
echo 'app:x:4243:4243::/nonexistent:/usr/sbin/nologin' >>"$root/etc/passwd"
echo 'app:x:4243:' >>"$root/etc/group"
install -d -o 4243 "$root/srv/uploads"

# Of the machine's own units none is wanted.
units=$root/etc/systemd/system
cp "$checkout/docs/recipes/app.service" "$units"
mkdir "$units/app.service.d"
cat >"$units/app.service.d/output.conf" <<'.'
[Unit]
SuccessAction=exit-force
FailureAction=exit-force
[Service]
Restart=no
StandardOutput=append:/run/output
StandardError=append:/run/output
.
if [ -n "${JOURNAL-}" ]; then
  cat >>"$units/app.service.d/output.conf" <<.
ExecStopPost=+journalctl --sync
ExecStopPost=+journalctl --identifier=$JOURNAL --output=cat --no-pager
[Unit]
Wants=systemd-journald.service
After=systemd-journald.service
[Service]
.
fi
if [ -n "${SECUREBITS-}" ]; then
  echo "SecureBits=$SECUREBITS" >>"$units/app.service.d/output.conf"
fi
if [ -n "$command" ]; then
  printf 'ExecStart=\nExecStart=%s\n' "$command" >>"$units/app.service.d/output.conf"
fi
printf '[Unit]\nDefaultDependencies=no\n' | tee "$units/sysinit.target" >"$units/basic.target"

{
  chroot "$root" systemd-analyze verify app.service && echo 'verify: nothing to complain of'
  chroot "$root" systemd-analyze security --offline=true --no-pager app.service | tail -n 1
} >"$work/output" 2>&1
exec chroot "$root" env -i container=namespaces PATH=/usr/bin:/usr/sbin \
  /lib/systemd/systemd --system --unit=app.service --log-target=console --show-status=no
