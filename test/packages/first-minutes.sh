#!/bin/sh
# A new user's first five minutes, in a root that has a shell, env, chmod and Node, and
# neither a compiler nor python: first-minutes.mjs makes it. Ends with a refused script.
set -eu
cd /app
echo '{ "private": true }' >package.json
npm install mayexec
npx mayexec probe

printf 'console.log("approved ran")\n' >approved.cjs
printf 'console.log("dropped RAN")\n' >dropped.cjs
chmod 755 approved.cjs
[ "$(npx mayexec run -- node approved.cjs)" = 'approved ran' ]

# With nothing enforced nothing changes.
[ "$(node dropped.cjs)" = 'dropped RAN' ]

status=0
said=$(npx mayexec run -- node dropped.cjs 2>&1) || status=$?
echo "$said"
[ "$status" = 126 ]
case $said in
*'dropped RAN'*) exit 1 ;;
*EACCES*'/app/dropped.cjs'*chmod*) ;;
*) exit 1 ;;
esac

# What the README advises for an application.
npx mayexec seal /app >/dev/null
[ "$(npx mayexec run -- node dropped.cjs)" = 'dropped RAN' ]
echo 'refused, then sealed'
