/** What carries the x bits of a sealed application to another place, as docs/deploy.md says. */
import { spawnSync } from 'node:child_process';
import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { withPrograms, type OtherProgram } from '../support/other-programs.js';
import { temporary, tree } from './run.js';

/** Each in a shell, from the application's directory to `$1`, which is not there yet. */
const WAYS: readonly [name: string, script: string, keeps: boolean][] = [
  ['cp -r', 'cp -r . "$1"', true],
  ['cp -a', 'cp -a . "$1"', true],
  ['tar', 'mkdir "$1" && tar -c . | tar -x -C "$1"', true],
  ['zip and unzip', 'zip -q -r ../app.zip . && unzip -q ../app.zip -d "$1"', true],
  ['rsync -a', 'rsync -a ./ "$1"', true],
  ['rsync -r to a new place', 'rsync -r ./ "$1"', true],
  [
    'rsync -r over what was not sealed',
    'cp -r . "$1" && chmod a-x "$1"/*.js && rsync -r --ignore-times ./ "$1"',
    false,
  ],
  [
    'rsync -rE over what was not sealed',
    'cp -r . "$1" && chmod a-x "$1"/*.js && rsync -rE ./ "$1"',
    true,
  ],
  ['rsync -r --chmod=F644', 'rsync -r --chmod=F644 ./ "$1"', false],
  ['git', 'git init -q . && git add . && git commit -q -m sealed && git clone -q . "$1"', true],
  [
    'git with core.fileMode=false',
    'git init -q . && git config core.fileMode false && git add . && git commit -q -m sealed && git clone -q . "$1"',
    false,
  ],
  [
    'git archive',
    'git init -q . && git add . && git commit -q -m sealed && mkdir "$1" && git archive HEAD | tar -x -C "$1"',
    true,
  ],
  [
    'npm pack and npm install',
    'npm pack --silent --pack-destination .. && mkdir "$1" "$1/to" && cd "$1/to" && npm install --silent --offline --no-audit ../../app-1.0.0.tgz && mv node_modules/app/* "$1"',
    true,
  ],
  ['install -m 644', 'mkdir "$1" && install -m 644 index.js "$1"', false],
  ['cat', 'mkdir "$1" && cat index.js > "$1/index.js"', false],
];

/** Git without the settings of the user that runs the tests. */
const env = {
  PATH: process.env['PATH'],
  HOME: temporary(),
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'a',
  GIT_AUTHOR_EMAIL: 'a@example.org',
  GIT_COMMITTER_NAME: 'a',
  GIT_COMMITTER_EMAIL: 'a@example.org',
};

const PROGRAMS: readonly OtherProgram[] = ['rsync', 'unzip', 'zip'];

for (const [name, script, keeps] of WAYS) {
  const needed = PROGRAMS.filter((program) => script.includes(program));
  withPrograms(...needed)(name, () => {
    const root = tree({
      'app/index.js': '',
      'app/package.json': '{"name":"app","version":"1.0.0"}',
    });
    const cwd = join(root, 'app');
    chmodSync(join(cwd, 'index.js'), 0o755);
    const target = join(root, 'copy');
    const { status, stderr } = spawnSync('sh', ['-e', '-c', `umask 022; ${script}`, 'sh', target], {
      cwd,
      env,
      encoding: 'utf8',
    });
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(statSync(join(target, 'index.js')).mode & 0o111).toBe(keeps ? 0o111 : 0);
  });
}

test('a checkout keeps the modes of the files that git does not have to change', () => {
  const root = tree({ 'app/index.js': '// one\n', 'app/other.js': '' });
  const cwd = join(root, 'app');
  const git = (...args: string[]): void => {
    const { status, stderr } = spawnSync('git', args, { cwd, env, encoding: 'utf8' });
    expect(status, stderr).toBe(0);
  };
  git('init', '-q', '.');
  git('config', 'core.fileMode', 'false');
  git('add', '.');
  git('commit', '-q', '-m', 'one');
  for (const name of ['index.js', 'other.js']) chmodSync(join(cwd, name), 0o755);
  git('checkout', '-q', '-b', 'next');
  writeFileSync(join(cwd, 'index.js'), '// two\n');
  git('commit', '-q', '-a', '-m', 'two');
  git('checkout', '-q', '-');
  const executable = (name: string): boolean => (statSync(join(cwd, name)).mode & 0o111) !== 0;
  expect([executable('index.js'), executable('other.js')]).toEqual([false, true]);
});
