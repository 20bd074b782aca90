#!/bin/sh
# Runs the arguments where a file whose security.SMACK64 is Refused may be read and written, and not executed.
set -eu
mount -t smackfs none /sys/fs/smackfs
echo '_ Refused rw' >/sys/fs/smackfs/load2
# With this capability a process is above Smack's rules.
exec setpriv --bounding-set=-mac_override --inh-caps=-mac_override "$@"
