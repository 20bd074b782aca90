/**
 * The published interpreters of examples/, each with its lines of mayexec: every way in
 * that it has, under each of the four policies. `npm run test:interpreters` tries others.
 */
import { delimiter } from 'node:path';
import { fileURLToPath } from 'node:url';

import { testInterpreters, type Interpreter } from './interpreters/ways.js';
import { sandbox } from './support/sandbox.js';

const lua = (folder: string): string => `${folder}/?.lua`;

const interpreters: readonly Interpreter[] = [
  {
    program: 'fengari/lua.mjs',
    extension: '.lua',
    script: `#!/usr/bin/env lua\nprint 'script'`,
    includes: {
      code: `require 'part'`,
      part: (word) => `print '${word}'`,
      searchPath: (own, second) => ({ LUA_PATH: `${lua(own)};${lua(second)}` }),
    },
    evaluates: { option: '-e', code: `print 'script'` },
    otherwise: { dofile: `dofile 'refused.lua'`, loadfile: `assert(loadfile 'refused.lua')()` },
    readsStdin: 'dofile()',
    variable: { name: 'LUA_INIT', code: `print 'script' os.exit(0)`, file: '@' },
  },
  {
    program: 'coffeescript/coffee.mjs',
    extension: '.coffee',
    script: `say = (word) -> console.log word\nsay 'script'`,
    includes: {
      code: `require 'part'`,
      part: (word) => `console.log '${word}'`,
      searchPath: (own, second) => ({ NODE_PATH: [own, second].join(delimiter) }),
    },
    evaluates: { option: '-e', code: `console.log 'script'` },
  },
  {
    program: 'nunjucks/render.mjs',
    extension: '.njk',
    script: `{% set word = 'script' %}{{ word }}\n`,
    includes: {
      code: `{% include 'part.njk' ignore missing %}`,
      part: (word) => `${word}\n`,
      searchPath: (_own, second) => ({ TEMPLATE_PATH: second }),
    },
    otherwise: { extends: `{% extends 'refused.njk' %}` },
  },
  {
    program: 'handlebars/render.mjs',
    extension: '.hbs',
    script: `{{#*inline 'own'}}script{{/inline}}{{> own}}\n`,
    includes: {
      code: `{{#> part}}nothing{{/part}}`,
      part: (word) => `${word}\n`,
      searchPath: (_own, second) => ({ PARTIAL_PATH: second }),
    },
  },
  {
    program: 'tasks/tasks.mjs',
    extension: '.yaml',
    script: 'tasks: { default: { run: echo script } }',
    includes: {
      code: 'include: [part]',
      part: (word) => `tasks: { default: { run: echo ${word} } }`,
      searchPath: (_own, second) => ({ TASKS_PATH: second }),
    },
  },
];

testInterpreters(interpreters, sandbox(), ({ program }) => [
  process.execPath,
  fileURLToPath(new URL(`../examples/${program}`, import.meta.url)),
]);
