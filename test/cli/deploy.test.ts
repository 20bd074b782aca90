import { spawnSync, type SpawnSyncOptions } from 'node:child_process';
import { appendFileSync, chmodSync, readFileSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { command, launcher } from '../support/built.js';
import { nodeBinary } from '../preload/versions.js';
import { needs } from '../support/kernel.js';
import { asRootWith } from '../support/other-programs.js';
import { modes, temporary, tree, type Result } from './run.js';

const recipe = (name: string): string =>
  fileURLToPath(new URL(`../../docs/recipes/${name}`, import.meta.url));
const program = (name: string): string =>
  fileURLToPath(new URL(`../programs/${name}`, import.meta.url));
const index = new URL('../../dist/index.js', import.meta.url).href;

/** A Node that the preload supports, whichever runs the tests. */
const node = nodeBinary(24);

interface Deployment {
  spec: { template: { spec: { containers: { command?: string[]; args?: string[] }[] } } };
}

const bin = temporary();
chmodSync(command, 0o755);
symlinkSync(command, join(bin, 'mayexec'));

function run(command: string, args: string[], options: SpawnSyncOptions = {}): Result {
  const env = { ...process.env, PATH: `${bin}:${process.env['PATH'] ?? ''}` };
  return spawnSync(command, args, { env, ...options, encoding: 'utf8' });
}

/** An interpreter as its author would write it: prints what the script holds. */
const interpreter = `
  import { openAuditLog, readMayExecSync } from '${index}';
  const { AUDIT_LOG, ENFORCE } = process.env;
  if (AUDIT_LOG) openAuditLog(AUDIT_LOG);
  try {
    console.log(readMayExecSync(process.argv[2], { encoding: 'utf8', enforce: ENFORCE === '1' }));
  } catch (error) {
    console.log(error.name, error.verdict?.reason);
    process.exitCode = 126;
  }`;

describe('docs/recipes', () => {
  it('npm.sh installs, finds what would be refused, and seals it', () => {
    const app = tree({
      'app/package.json': '{"name":"app","main":"index.js","dependencies":{"dep":"file:../dep"}}',
      'app/.npmrc': 'install-links=true\noffline=true\nupdate-notifier=false\n',
      'app/index.js': 'require("dep")',
      'dep/package.json': '{"name":"dep","version":"1.0.0"}',
      'dep/index.js': '',
      'dep/readme.md': '',
    });
    const { status, stdout, stderr } = run('sh', [recipe('npm.sh')], { cwd: join(app, 'app') });
    expect(stderr).not.toMatch(/mayexec:/);
    expect(stdout).toMatch(/2 files would be refused[^]*2 files sealed[^]*nothing is refused/);
    expect(status).toBe(0);
    expect(modes(join(app, 'app'))).toMatchObject({
      'index.js': '0755',
      'node_modules/dep/index.js': '0755',
      'node_modules/dep/readme.md': '0644',
      'node_modules/dep/package.json': '0644',
    });
  });

  it('audit.sh seals just what an interpreter has loaded', () => {
    const root = tree({
      'interpreter.mjs': interpreter,
      'scripts/used.lua': 'used',
      'scripts/other.lua': '',
    });
    const { stdout, status } = run('sh', [
      recipe('audit.sh'),
      join(root, 'interpreter.mjs'),
      join(root, 'scripts/used.lua'),
    ]);
    expect(stdout).toMatch(/^used\n1 file sealed[^]*allowed /);
    expect(status).toBe(0);
    expect(modes(root)).toMatchObject({ 'scripts/used.lua': '0755', 'scripts/other.lua': '0644' });
  });

  it('kubernetes/deployment.yaml: nothing that is written to the emptyDir runs', () => {
    const text = readFileSync(recipe('kubernetes/deployment.yaml'), 'utf8');
    const { spec } = (parse(text) as Deployment).spec.template;
    const [container] = spec.containers;
    const words = [...(container?.command ?? []), ...(container?.args ?? [])];
    const server = readFileSync(program('../cli/deploy-programs/drops.cjs'), 'utf8');
    const app = tree({ 'app/server.js': [server, 0o755] });
    const places: Readonly<Record<string, string>> = {
      '/usr/local/bin/mayexec-run': launcher,
      '/srv/app': join(app, 'app'),
      '/srv/app/server.js': join(app, 'app/server.js'),
      node,
    };
    const [command = '', ...rest] = words.map((word) => places[word] ?? word);
    const dropped = join(temporary(), 'dropped.cjs');
    expect(run(command, [...rest, dropped])).toMatchObject({
      status: 0,
      stdout: 'EACCES security-module\n',
    });
  });

  it('watch.sh seals just what a program has loaded, and runs it under the policy', () => {
    const root = tree({
      'app.cjs': 'require("./used.es6"); require("dep"); console.log("hello")',
      'used.es6': '',
      'other.cjs': '',
      'node_modules/dep/index.js': '',
      'node_modules/dep/other.js': '',
    });
    const nodes = temporary();
    symlinkSync(nodeBinary(24), join(nodes, 'node'));
    const env = { ...process.env, PATH: `${nodes}:${bin}:${process.env['PATH'] ?? ''}` };
    const { stdout, stderr, status } = run('sh', [recipe('watch.sh'), 'app.cjs'], {
      cwd: root,
      env,
    });
    expect(stdout).toMatch(
      /^hello\n3 files would be refused: 3 files of code[^]*\n3 files sealed[^]*\nhello\n$/,
    );
    expect([stderr, status]).toEqual(['', 0]);
    expect(modes(root)).toMatchObject({
      'app.cjs': '0755',
      'used.es6': '0755',
      'other.cjs': '0644',
      'node_modules/dep/index.js': '0755',
      'node_modules/dep/other.js': '0644',
    });
  });

  it.each([
    ['root', {}],
    ['an ordinary user', { uid: 1000, gid: 1000 }],
  ])('landlock.mjs lets a script inside run and refuses one outside, as %s', (_name, ids) => {
    const root = tree({
      'interpreter.mjs': interpreter,
      'inside/script.lua': ['inside', 0o755],
      'outside/script.lua': ['outside', 0o755],
    });
    chmodSync(root, 0o755);
    const start = (script: string): Result =>
      run(
        process.execPath,
        [
          recipe('landlock.mjs'),
          ...['/lib', '/lib64', '/usr', dirname(process.execPath), join(root, 'inside')],
          '--',
          process.execPath,
          join(root, 'interpreter.mjs'),
          join(root, script),
        ],
        { ...ids, cwd: '/', env: { ...process.env, ENFORCE: '1' } },
      );
    expect(start('inside/script.lua')).toEqual(
      expect.objectContaining({ status: 0, stdout: 'inside\n' }),
    );
    expect(start('outside/script.lua')).toEqual(
      expect.objectContaining({ status: 126, stdout: 'ExecDeniedError security-module\n' }),
    );
  });

  needs('root')(
    'Dockerfile installs and seals; what runs loads its dependency, and nothing it has written',
    () => {
      const app = tree({
        'package.json': '{"name":"app","version":"1.0.0","dependencies":{"dep":"file:dep"}}',
        'package-lock.json': JSON.stringify({
          name: 'app',
          version: '1.0.0',
          lockfileVersion: 3,
          requires: true,
          packages: {
            '': { name: 'app', version: '1.0.0', dependencies: { dep: 'file:dep' } },
            dep: { version: '1.0.0' },
            'node_modules/dep': { resolved: 'dep', link: true },
          },
        }),
        '.npmrc': 'offline=true\nupdate-notifier=false\n',
        'dep/package.json': '{"name":"dep","version":"1.0.0"}',
        'dep/index.js': 'module.exports = "ran"',
        'server.js': `
        const { writeFileSync } = require('node:fs');
        const outcome = (act) => {
          try { return act(); } catch (error) { return error.verdict?.reason ?? error.code; }
        };
        const drop = (file) => {
          writeFileSync(file, 'module.exports = "ran"', { mode: 0o755 });
          return file;
        };
        console.log(JSON.stringify({
          dependency: outcome(() => require('dep')),
          dropped: outcome(() => require(drop('/tmp/dropped.js'))),
          'into the application': outcome(() => drop('/srv/app/dropped.js')),
          uid: process.getuid(),
        }));`,
      });
      chmodSync(app, 0o755);
      const { status, stdout, stderr } = run('sh', [program('container.sh'), app, node]);
      expect(stderr).not.toMatch(/mayexec:/);
      expect(stdout).toMatch(/2 files sealed[^]*nothing is refused/);
      expect(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')).toEqual({
        dependency: 'ran',
        dropped: 'noexec-mount',
        'into the application': 'EROFS',
        uid: 4244,
      });
      expect(status).toBe(0);
    },
  );

  describe('evmctl', () => {
    const keys = temporary();
    const [key, certificate] = [join(keys, 'key.pem'), join(keys, 'certificate.der')];
    const makeKey = (): void => {
      const request = 'req -x509 -newkey rsa:2048 -nodes -subj /CN=signer -outform der';
      run('openssl', [...request.split(' '), '-keyout', key, '-out', certificate]);
    };
    const verified = (root: string, file: string): number | null =>
      run('evmctl', ['ima_verify', '--key', certificate, join(root, file)]).status;

    asRootWith('evmctl', 'openssl')(
      'ima.sh signs what is executable; an altered file is no longer as signed',
      () => {
        makeKey();
        const root = tree({ 'sealed.js': ['', 0o755], 'data.json': '{}' });
        const { status, stderr } = run('sh', [recipe('ima.sh'), root, key, certificate]);
        expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
        expect([verified(root, 'sealed.js'), verified(root, 'data.json')]).toEqual([0, 1]);
        appendFileSync(join(root, 'sealed.js'), '//');
        expect(verified(root, 'sealed.js')).toBe(1);
      },
    );

    asRootWith('evmctl', 'openssl')(
      'signs each file of code that manifest --format paths names, whatever its name',
      () => {
        makeKey();
        const code = ['a.js', "it's a b.mjs", 'line\nbreak.cjs', '-n.js', '$(x).js'];
        const root = tree({ 'data.json': '{}', ...Object.fromEntries(code.map((n) => [n, ''])) });
        const pipe =
          'mayexec manifest . --format paths --out - | xargs -0 -n 1 evmctl ima_sign --key "$0"';
        const { status } = run('bash', ['-o', 'pipefail', '-c', pipe, key], { cwd: root });
        expect(status).toBe(0);
        expect(code.map((name) => verified(root, name))).toEqual(code.map(() => 0));
        expect(verified(root, 'data.json')).toBe(1);
      },
    );
  });

  describe('app.service, under a systemd of its own', () => {
    const app = tree({
      'server.js': [
        `const { spawnSync } = require('node:child_process');
         const { writeFileSync } = require('node:fs');
         const outcome = (act) => {
           try { return act(); } catch (error) { return error.verdict?.reason ?? error.code; }
         };
         const drop = (file) => {
           writeFileSync(file, '#!/usr/bin/node\\nmodule.exports = "ran"', { mode: 0o755 });
           return file;
         };
         const outcomes = {
           sealed: outcome(() => require('./sealed.js')),
           'not sealed': outcome(() => require('./plain.js')),
           '-e': spawnSync(process.execPath, ['-e', '0']).status,
           'into the application': outcome(() => drop('/srv/app/dropped.js')),
           uid: process.getuid(),
         };
         for (const folder of ['/srv/uploads', process.env.STATE_DIRECTORY, '/tmp', '/var/tmp', '/dev/shm']) {
           const file = outcome(() => drop(folder + '/dropped.js'));
           outcomes[folder] = outcome(() => require(file));
           outcomes[folder + ', as a program'] = spawnSync(file).error?.code ?? 'ran';
         }
         console.log(JSON.stringify(outcomes));`,
        0o755,
      ],
      'sealed.js': ['module.exports = "ran"', 0o755],
      'plain.js': 'module.exports = "ran"',
    });
    chmodSync(app, 0o755);
    const boot = (
      command: string[] = [],
      env: NodeJS.ProcessEnv = {},
    ): { output: string; outcomes: unknown } => {
      const { stdout, stderr } = run('sh', [program('systemd.sh'), app, node, ...command], {
        env: { ...process.env, ...env },
      });
      const json = /^\{.*\}$/m.exec(stdout)?.[0];
      if (json === undefined) throw new Error(stdout + stderr);
      return { output: stdout, outcomes: JSON.parse(json) };
    };
    const folders = ['/srv/uploads', '/var/lib/app', '/tmp', '/var/tmp', '/dev/shm'];
    const each = (loaded: string): Record<string, string> =>
      Object.fromEntries(
        folders.flatMap((folder) => [
          [folder, loaded],
          [`${folder}, as a program`, 'EACCES'],
        ]),
      );

    asRootWith('systemd-analyze')(
      'runs what is sealed, and nothing from where the service can write',
      () => {
        const { output, outcomes } = boot();
        expect(outcomes).toEqual({
          sealed: 'ran',
          'not sealed': 'mode',
          '-e': 126,
          'into the application': 'EACCES',
          uid: 4243,
          ...each('noexec-mount'),
        });
        expect(output).toContain('verify: nothing to complain of');
      },
    );
    asRootWith('systemd-analyze')('has its refusals in the journal', () => {
      const command = 'mayexec run --lock --audit-log journal -- node /srv/app/server.js';
      const { output } = boot([`/usr/bin/${command}`], { JOURNAL: 'mayexec' });
      const verdicts = output
        .split('\n')
        .filter((line) => line.startsWith('{"time"'))
        .map((line) => JSON.parse(line) as { path?: string; denied: boolean; reason?: string });
      expect(
        verdicts.filter(({ denied }) => denied).map(({ path, reason }) => [path, reason]),
      ).toEqual([
        ['/srv/app/plain.js', 'mode'],
        // The text of -e has no file.
        [undefined, undefined],
        ...folders.map((folder) => [`${folder}/dropped.js`, 'noexec-mount']),
      ]);
    });
    asRootWith('systemd-analyze')('without mayexec stops programs there, and no code', () => {
      expect(boot(['/usr/bin/node /srv/app/server.js']).outcomes).toMatchObject({
        'not sealed': 'ran',
        '-e': 0,
        ...each('ran'),
      });
    });
  });
});
