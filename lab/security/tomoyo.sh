#!/bin/sh
# Runs the arguments where TOMOYO refuses to execute what is called refused.cjs.
set -eu
policy=/sys/kernel/security/tomoyo
cat >"$policy/profile" <<'.'
PROFILE_VERSION=20150505
0-CONFIG={ mode=disabled }
3-CONFIG={ mode=permissive }
3-CONFIG::file::execute={ mode=enforcing }
.
echo 'keep_domain any from any' >"$policy/exception_policy"
cat >"$policy/domain_policy" <<.
select pid=$$
use_profile 3
file execute /\\{\\*\\}/\\*\\-refused.cjs
file execute /\\*
.
# The policy counts from the first execution of this program on: see recipes.ts.
nice true
exec "$@"
