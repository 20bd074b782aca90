/**
 * The published interpreters whose packages are too large for `npm ci`, each with its lines of
 * mayexec: every way in that it has, under each of the four policies.
 */
import { copyFileSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll } from 'vitest';

import { nodeBinary } from '../preload/versions.js';
import { Sandbox } from '../support/sandbox.js';
import { testInterpreters, type Interpreter } from './ways.js';

const PART_PATH = (own: string, second: string) => ({ PART_PATH: `${own}:${second}` });

/** A program of WebAssembly that writes `script` by WASI's fd_write. */
const WRITES_SCRIPT = Buffer.from(
  [
    '0061736d01000000', // version 1
    '010c0260047f7f7f7f017f600000', // types: (i32 i32 i32 i32) -> i32, () -> ()
    '0223', // one import: wasi_snapshot_preview1.fd_write
    `0116${Buffer.from('wasi_snapshot_preview1').toString('hex')}`,
    `08${Buffer.from('fd_write').toString('hex')}0000`,
    '03020101', // one function
    '0503010001', // one page of memory
    '0713', // exports: memory, _start
    `02066d656d6f72790200065f73746172740001`,
    '0a0f010d0041014100410141101000', // fd 1, the vector at 0, one of them, the count at 16
    '1a0b',
    '0b15010041000b0f', // data at 0: the text at 8, of 7 bytes
    `0800000007000000${Buffer.from('script\n').toString('hex')}`,
  ].join(''),
  'hex',
);

const interpreters: readonly Interpreter[] = [
  {
    program: 'just-bash',
    extension: '.sh',
    script: '#!/bin/bash\nword=script; echo $word',
    includes: {
      code: 'source part.sh',
      part: (word) => `echo ${word}`,
      searchPath: (own, second) => ({ PATH: `${own}:${second}` }),
    },
    evaluates: { option: '-c', code: 'echo script' },
    otherwise: {
      '.': '. ./refused.sh',
      'command .': 'command . ./refused.sh || echo script',
      'source by a name that it makes': 'x=sou; ${x}rce ./refused.sh',
      'builtin source, in a function': 'f() { builtin source "$1"; }; f refused.sh',
      'source, in an eval': 'eval "source ./refused.sh"',
      'source, by an alias': 'shopt -s expand_aliases\nalias go=source\ngo ./refused.sh',
      bash: 'bash refused.sh',
      sh: 'sh ./refused.sh',
      'bash, by xargs': 'echo refused.sh | xargs bash',
      'bash, by find': 'find . -name refused.sh -exec bash {} ";"',
      'bash, by env, time and timeout': 'env timeout 9 bash refused.sh',
      'bash, by awk': `awk 'BEGIN { "bash refused.sh" | getline word; print word }'`,
      'bash, by rg': 'rg --pre bash script refused.sh',
      'a copy of it': 'cp refused.sh /tmp/copy; . /tmp/copy',
      'what a process substitution reads': 'source <(cat refused.sh)',
      'a script of sed': `echo 's/.*/script/' > rule; echo | sed -f rule`,
      'a redirection that just-bash reads as code':
        'exec 3<refused.sh; read -u 3; read -u 3; echo ${REPLY:5:6}',
    },
    fromNoFile: {
      'bash -c': 'bash -c "echo script"',
      'bash, from a pipe': 'cat refused.sh | bash',
      'sh, from a file on standard input': 'sh < refused.sh',
    },
    harmless: {
      'a script with x, by its name': './allowed.sh',
      'a script with x, by bash': 'bash allowed.sh',
      'a copy with x': 'cp refused.sh /tmp/copy; chmod +x /tmp/copy; . /tmp/copy',
      'cat of data': 'cat refused.sh | grep -o script',
      'grep of data': 'grep -o script refused.sh',
      'sed of data': `sed -n 's/^word=//p' refused.sh | cut -d';' -f1`,
      'rg of data': 'rg -o script refused.sh',
      'awk of data on standard input': `awk -F'[=;]' 'NR == 2 { print $2 }' < refused.sh`,
      'read of data': '{ read; IFS="=;" read _ word _; echo $word; } < refused.sh',
      'process substitutions': 'diff <(echo 1) <(echo 1) && echo script',
      'eval of what it has read': 'eval "$(cat refused.sh)"',
    },
    readsStdin: 'bash',
  },
  {
    program: 'eta',
    extension: '.eta',
    script: `<% const word = 'script' %><%= word %>\n`,
    includes: {
      code: `<%~ include('part.eta') %>`,
      part: (word) => `${word}\n`,
      searchPath: PART_PATH,
    },
    evaluates: { option: '-e', code: `<%= 'script' %>\n` },
  },
  {
    program: 'ejs',
    extension: '.ejs',
    script: `<% const word = 'script' %><%= word %>\n`,
    includes: {
      code: `<%- include('part.ejs') %>`,
      part: (word) => `${word}\n`,
      searchPath: PART_PATH,
    },
    evaluates: { option: '-e', code: `<%= 'script' %>\n` },
  },
  {
    program: 'quickjs',
    extension: '.qjs',
    script: `const word = 'script'; print(word);`,
    includes: {
      code: `import 'part.qjs';`,
      part: (word) => `print('${word}');`,
      searchPath: PART_PATH,
    },
    evaluates: { option: '-e', code: `print('script');` },
  },
  {
    program: 'sqlite',
    extension: '.sql',
    script: `SELECT 'script';`,
    includes: {
      code: '.read part.sql',
      part: (word) => `SELECT '${word}';`,
      searchPath: PART_PATH,
    },
    evaluates: { option: '-e', code: `SELECT 'script';` },
  },
  {
    program: 'civet',
    extension: '.civet',
    script: `word := 'script'\nconsole.log word`,
    includes: {
      code: `import 'part.civet'`,
      part: (word) => `console.log '${word}'`,
      searchPath: PART_PATH,
    },
    evaluates: { option: '-e', code: `console.log 'script'` },
  },
  {
    program: 'biwascheme',
    extension: '.scm',
    script: `(define word "script") (print word)`,
    includes: {
      code: `(load "part.scm")`,
      part: (word) => `(print "${word}")`,
      searchPath: PART_PATH,
    },
    evaluates: { option: '-e', code: `(print "script")` },
  },
  {
    program: 'tcl',
    extension: '.tcl',
    script: `set word script\nputs $word`,
    includes: {
      code: 'source part.tcl',
      part: (word) => `puts ${word}`,
      searchPath: PART_PATH,
    },
    evaluates: { option: '-e', code: 'puts script' },
  },
  { program: 'wasi', extension: '.wasm', script: WRITES_SCRIPT },
  {
    program: 'pyodide',
    extension: '.py',
    script: `word = 'script'\nprint(word)`,
    includes: {
      code: 'import part',
      part: (word) => `print('${word}')`,
      searchPath: PART_PATH,
    },
    evaluates: { option: '-e', code: `print('script')` },
  },
];

const packages = fileURLToPath(new URL('node_modules', import.meta.url));
const root = fileURLToPath(new URL('../..', import.meta.url));

/** The programs find the packages, and this package among them, beside themselves. */
rmSync(join(packages, 'mayexec'), { force: true });
symlinkSync(root, join(packages, 'mayexec'));
const example = join(packages, '.examples/bash.mjs');
mkdirSync(dirname(example), { recursive: true });
copyFileSync(join(root, 'examples/just-bash/bash.mjs'), example);

const box = new Sandbox();
afterAll(() => box.remove());
testInterpreters(interpreters, box, ({ program }) => [
  nodeBinary(24),
  // node:sqlite and node:wasi say that they are experimental.
  '--no-warnings',
  program === 'just-bash'
    ? example
    : fileURLToPath(new URL(`programs/${program}.mjs`, import.meta.url)),
]);
