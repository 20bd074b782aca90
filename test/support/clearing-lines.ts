const LOADER =
  process.arch === 'arm64' ? '/lib/ld-linux-aarch64.so.1' : '/lib64/ld-linux-x86-64.so.2';

/**
 * Command lines that start Node with an environment that has lost the preload, as they are
 * given to mayexec-run, or to child_process by a program. NODE is the Node that is tried.
 */
export const clearingLines: readonly (readonly [string, ...string[]])[] = [
  ['/usr/bin/env', '-i', 'NODE', 'dropped.cjs'],
  ['/usr/bin/env', '-', 'NODE', 'dropped.cjs'],
  ['/usr/bin/env', '-vi', 'NODE', 'dropped.cjs'],
  ['/usr/bin/env', '--ignore-env', 'NODE', 'dropped.cjs'],
  ['/usr/bin/env', '-u', 'NODE_OPTIONS', 'NODE', 'dropped.cjs'],
  ['/usr/bin/env', '-uNODE_OPTIONS', 'NODE', 'dropped.cjs'],
  ['/usr/bin/env', '--unset=NODE_OPTIONS', 'NODE', 'dropped.cjs'],
  ['/usr/bin/env', 'NODE_OPTIONS=', 'NODE', 'dropped.cjs'],
  ['/usr/bin/env', '-S', '-i NODE dropped.cjs'],
  ['/usr/bin/env', '-S-i NODE dropped.cjs'],
  ['/usr/bin/env', '--split-string=-i NODE dropped.cjs'],
  ['/usr/bin/env', '-i', 'sh', '-c', 'NODE dropped.cjs'],
  ['/usr/bin/timeout', '9', 'env', '-i', 'NODE', 'dropped.cjs'],
  ['/usr/bin/setpriv', '--reset-env', 'NODE', 'dropped.cjs'],
  ['/bin/sh', '-c', 'NODE_OPTIONS= NODE dropped.cjs'],
  ['/bin/sh', '-c', 'unset NODE_OPTIONS; NODE dropped.cjs'],
  ['/bin/sh', '-c', 'NODE approved.cjs; env -i NODE dropped.cjs'],
  ['/bin/sh', '-c', 'exec 3>&1; NODE approved.cjs $(env -i NODE dropped.cjs >&3)'],
  ['/bin/sh', '-c', "unset NODE_OPT''IONS; NODE dropped.cjs"],
  ['/bin/sh', '-c', 'unset NODE_OPT\\\nIONS; NODE dropped.cjs'],
  ['/bin/sh', '-c', 'true && env -i NODE dropped.cjs'],
  ['/bin/bash', '-c', 'exec -c NODE dropped.cjs'],
  ...['\v', '\f', '\r'].map(
    (end) => ['/usr/bin/env', '-S', `-i${end}NODE${end}dropped.cjs`] as const,
  ),
  ['/usr/bin/setpriv', '--reset', 'NODE', 'dropped.cjs'],
  ['/usr/bin/setpriv', '--res', 'NODE', 'dropped.cjs'],
  ['/usr/bin/env', 'sh', '-c', 'unset N"ODE"\\_OPTIONS; NODE dropped.cjs'],
  ['/bin/sh', '-c', "env -S '\\_-i NODE dropped.cjs'"],
];

/** Lines that bring a shared object into a Node whose program is approved. */
export const bringingLines: typeof clearingLines = [
  ['/usr/bin/env', 'LD_PRELOAD=./dropped.so', 'NODE', 'approved.cjs'],
  ['/bin/sh', '-c', 'LD_PRELOAD=./dropped.so NODE approved.cjs'],
  ['/bin/sh', '-c', 'export LD_AUDIT=x LD_PRELOAD=./dropped.so; NODE approved.cjs'],
  ['/bin/sh', '-c', 'LD_PRELOAD=$PWD/dropped.so NODE approved.cjs'],
  ['/bin/sh', '-c', 'LD_PRELOAD="$PWD/dropped.so" NODE approved.cjs'],
  ['/bin/sh', '-c', 'LD_PRELOAD=`pwd`/dropped.so NODE approved.cjs'],
  ['/bin/sh', '-c', 'LD_PRELOAD=""$(pwd)/dropped.so NODE approved.cjs'],
  ['/bin/sh', '-c', 'LD_PRELOAD=" ./dropped.so" NODE approved.cjs'],
  ['/bin/sh', '-c', 'LD_PRELOAD=\\ ./dropped.so NODE approved.cjs'],
  ['/bin/sh', '-c', 'export "LD_PRELOAD= ./dropped.so"; NODE approved.cjs'],
  ['/bin/sh', '-c', ': ${OPENSSL_CONF:=openssl.cnf}; export OPENSSL_CONF; NODE approved.cjs'],
  ['/bin/bash', '-c', 'OPENSSL_CONF+=openssl.cnf NODE approved.cjs'],
  ['/bin/bash', '-c', 'export LD_PRELOAD={,./dropped.so}; NODE approved.cjs'],
  ['/usr/bin/env', '-S', 'LD_PRELOAD=${UNSET}./dropped.so NODE approved.cjs'],
  [LOADER, '--preload', './dropped.so', 'NODE', 'approved.cjs'],
  ['/bin/sh', '-c', `${LOADER} --preload ./dropped.so NODE approved.cjs`],
  ['/bin/sh', '-c', `ln -sf ${LOADER} link; ./link --preload ./dropped.so NODE approved.cjs`],
  ['/bin/sh', '-c', `ln -sf ${LOADER} link; ./link --audit ./dropped.so NODE approved.cjs`],
];

/** The configuration of OpenSSL that some of them name. */
export const OPENSSL_CONF = [
  'nodejs_conf = a',
  'openssl_conf = a',
  '[a]',
  'engines = b',
  '[b]',
  'c = d',
  '[d]',
  'engine_id = dropped',
  'dynamic_path = ./dropped.so',
  'init = 0',
  '',
].join('\n');

/** Spellings of a line of Node's own that acts before any preload. */
export const snapshotLines: typeof clearingLines = [
  ['/usr/bin/env', '-S', 'NODE\\_--build-snapshot\\_dropped.cjs'],
  ['/bin/sh', '-c', 'NODE --build-\\\nsnapshot dropped.cjs'],
  ['/bin/sh', '-c', "NODE --build-'snap'shot dropped.cjs"],
  ...['\v', '\f', '\r'].map(
    (end) => ['/usr/bin/env', '-S', `NODE${end}--build-snapshot${end}dropped.cjs`] as const,
  ),
  ['/usr/bin/env', '-S', 'env -S NODE\\v--build-snapshot\\vdropped.cjs'],
  ['/bin/sh', '-c', 'NODE "$@"', 'sh', '--build-snapshot', 'dropped.cjs'],
  ['/bin/sh', '-c', 'exec NODE $1 dropped.cjs', 'sh', '--build-snapshot'],
  ['/bin/sh', '-c', 'NODE "$0" dropped.cjs', '--build-snapshot'],
  ...['2>&1', '</dev/null', '3>&1', '2>--', '2>${X}--'].map(
    (redirection) => ['/bin/sh', '-c', `NODE ${redirection} --build-snapshot dropped.cjs`] as const,
  ),
];

/** Lines whose words a shell makes of its arguments, of variables, escapes and braces. */
export const valueLines: typeof clearingLines = [
  ['/bin/sh', '-c', 'NODE --build-$1 dropped.cjs', 'sh', 'snapshot'],
  ['/bin/sh', '-c', 'env $1 NODE dropped.cjs', 'sh', '-i'],
  ['/bin/sh', '-c', '"$1" --build-snapshot dropped.cjs', 'sh', 'NODE'],
  ['/bin/sh', '-c', '$3 $2 $1', 'sh', 'dropped.cjs', '--build-snapshot', 'NODE'],
  ['/bin/sh', '-c', 'N=NODE; $N --build-snapshot dropped.cjs'],
  ['/bin/sh', '-c', 'X=--build-snapshot; Y=$X; NODE $Y dropped.cjs'],
  ['/bin/sh', '-c', 'X="-i NODE"; env $X dropped.cjs'],
  ['/bin/sh', '-c', 'X=OPTIONS; unset NODE_$X; NODE dropped.cjs'],
  ['/bin/sh', '-c', 'for x in --build-snapshot; do NODE $x dropped.cjs; done'],
  ['/bin/sh', '-c', 'set -- --build-snapshot dropped.cjs; NODE "$@"'],
  ['/bin/sh', '-c', ': ${X:=--build-snapshot}; NODE $X dropped.cjs'],
  ['/bin/sh', '-c', 'NODE ${X:---build-snapshot} dropped.cjs'],
  ['/bin/sh', '-c', '${X:-NODE} --build-snapshot dropped.cjs'],
  ['/bin/sh', '-c', 'NODE$IFS--build-snapshot${IFS}dropped.cjs'],
  ['/bin/sh', '-c', 'alias n="NODE --build-snapshot"\nn dropped.cjs'],
  ['/bin/bash', '-c', 'X=Y; Y=--build-snapshot; NODE ${!X} dropped.cjs'],
  ['/bin/bash', '-c', 'x=(--build-snapshot); NODE "${x[@]}" dropped.cjs'],
  ['/bin/bash', '-c', 'read -r x <<<--build-snapshot; NODE $x dropped.cjs'],
  ['/bin/bash', '-c', 'hash -p NODE n; n --build-snapshot dropped.cjs'],
  ['/bin/bash', '-c', "NODE $'\\x2d-build\\055snapshot' dropped.cjs"],
  ['/bin/bash', '-c', "unset $'\\x4eODE_OPTIONS'; NODE dropped.cjs"],
  ['/bin/bash', '-c', 'NODE --build$"-snapshot" dropped.cjs'],
  ['/bin/bash', '-c', '{NODE,--build-snapshot,dropped.cjs}'],
  ['/bin/bash', '-c', 'NODE --{build-snapshot,no-warnings} dropped.cjs'],
  ['/bin/bash', '-c', 'unset NODE_OPT{IONS,X}; NODE dropped.cjs'],
  ['/usr/bin/env', 'X=--build-snapshot', 'sh', '-c', 'NODE $X dropped.cjs'],
];

/** Lines that give Node a name which it takes for an option. `./node` is a program of that name. */
export const namingLines: typeof clearingLines = [
  ['/bin/bash', '-c', 'exec -a --env-file=x ./node'],
  ['/bin/bash', '-c', 'exec -a --any-other ./node'],
  ['/bin/bash', '-c', 'exec -l -a --any-other ./node'],
  ['/bin/bash', '-c', 'exec -la--any-other ./node'],
  ['/bin/bash', '-c', 'exec -a 2>&1 --any-other ./node'],
  ['/bin/bash', '-c', 'true; exec -a "--any-other" ./node'],
  ['/bin/sh', '-c', 'ARGV0=--any-other ./node'],
  ['/bin/sh', '-c', 'true; --named=so/node'],
  ['/usr/bin/env', './by-first-line'],
];

/** The dash ends the options of the shell. */
const SAYS_RAN = '#!/bin/sh -\necho RAN\n';
/** The approved programs that those lines start. */
export const namedPrograms: Readonly<Record<string, string>> = {
  node: SAYS_RAN,
  '--named=so/node': SAYS_RAN,
  'by-first-line': '#!--named=so/node\n',
};
