/** Under Node's permission model a program may do what it may do without the preload. */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { launcher, preload } from '../support/built.js';
import { needs } from '../support/kernel.js';
import { sandbox } from '../support/sandbox.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { EDGES, nodeBinary, type Major } from './versions.js';

const box = sandbox();
const programs = box.path('programs');
const outside = box.path('outside');
const log = box.path('log');
const host = new PolicyHost({});

/** What the launcher puts before the program's own NODE_OPTIONS. */
const OWN = `--require=${preload} --allow-addons --disable-warning=PERM0001 --allow-fs-read=${preload}`;

interface Case {
  name: string;
  options?: string[];
  args: string[];
}

const CASES: Case[] = [
  { name: 'the rights that process.permission tells', args: ['rights.cjs'] },
  { name: 'rights that are dropped', args: ['drop.cjs'] },
  { name: 'modules inside and outside of what may be read', args: ['files.cjs', outside] },
  {
    name: 'modules, all of which may be read',
    options: ['--allow-fs-read=*'],
    args: ['files.cjs', outside],
  },
  { name: 'addons', args: ['addon.cjs'] },
  { name: 'addons that are allowed', options: ['--allow-addons'], args: ['addon.cjs'] },
  { name: 'the condition node-addons', args: ['conditions.cjs'] },
  {
    name: 'the condition node-addons, where addons are allowed',
    options: ['--allow-addons'],
    args: ['conditions.cjs'],
  },
  { name: 'Workers', options: ['--allow-worker'], args: ['workers.cjs'] },
  { name: 'Workers that are not allowed', args: ['workers.cjs'] },
  { name: 'children', options: ['--allow-child-process'], args: ['children.cjs'] },
  { name: 'children that are not allowed', args: ['children.cjs'] },
  { name: 'warnings', args: ['warnings.cjs'] },
  {
    name: 'warnings that are thrown',
    options: ['--throw-deprecation', '--trace-warnings'],
    args: ['warnings.cjs'],
  },
  { name: 'WASI', args: ['wasi.cjs'] },
  { name: 'WASI that is allowed', options: ['--allow-wasi'], args: ['wasi.cjs'] },
];

beforeAll(() => {
  cpSync(fileURLToPath(new URL('ways/permission', import.meta.url)), programs, { recursive: true });
  mkdirSync(outside);
  cpSync(`${programs}/module.cjs`, `${outside}/module.cjs`);
  const conditioned = `${programs}/node_modules/conditioned`;
  mkdirSync(conditioned, { recursive: true });
  const exports = { 'node-addons': './addon.js', default: './other.js' };
  writeFileSync(`${conditioned}/package.json`, JSON.stringify({ name: 'conditioned', exports }));
  for (const name of ['addon', 'other'])
    writeFileSync(`${conditioned}/${name}.js`, `module.exports = '${name}'`);
  const says = fileURLToPath(new URL('shared-objects/says.c', import.meta.url));
  execFileSync('cc', ['-shared', '-fPIC', '-DNAME="OWN"', '-o', `${programs}/own.node`, says]);
  execFileSync('chmod', ['-R', '755', box.dir]);
});
afterAll(() => {
  host.close();
});

/** Node 22 has no code for its warning, and warns in a Worker before the preload is there. */
const warnedInWorkers = /^\(node\) SecurityWarning: The flag --allow-addons.*\n/gm;
const advice = /^\(Use `node --trace-warnings.*\n/gm;

function seen({ status, signal, stdout, stderr }: Outcome): object {
  const said = stderr.replaceAll(/\(node:\d+\)/g, '(node)').replaceAll(/^ +at .*\n/gm, '');
  return {
    status,
    signal,
    stdout,
    stderr: said.replaceAll(warnedInWorkers, '').replaceAll(advice, ''),
  };
}

/** Without anything that Node would refuse, since Node reports that to nobody here. */
const AUDITED: Case[] = CASES.filter(
  ({ args: [program = ''] }) =>
    program === 'rights.cjs' || /addon|condition|warnings/.test(program),
);

function model({ options = [], args }: Case, audit = false): string[] {
  return [
    audit ? '--permission-audit' : '--permission',
    `--allow-fs-read=${programs}`,
    ...options,
    ...args,
  ];
}

const plain = (major: Major, words: string[]): Promise<Outcome> =>
  host.run({ file: nodeBinary(major), args: words, cwd: programs });

describe.for(EDGES)('under --permission on Node %i', (major) => {
  for (const one of CASES) {
    const words = model(one);
    test(`${one.name}: with nothing enforced as without the preload`, async () => {
      const file = nodeBinary(major);
      const env = { NODE_OPTIONS: words.includes('--allow-addons') ? `--require=${preload}` : OWN };
      const preloaded = await host.run({ file, args: words, cwd: programs, env });
      expect(seen(preloaded)).toEqual(seen(await plain(major, words)));
    });

    needs('execveCheck')(`${one.name}: with both bits as without the preload`, async () => {
      const args = [nodeBinary(major), ...words];
      const launched = await host.run({ file: launcher, args, cwd: programs });
      expect(seen(launched)).toEqual(seen(await plain(major, words)));
    });
  }

  for (const one of major === 22 ? [] : AUDITED) {
    const words = model(one, true);
    needs('execveCheck')(`${one.name}: with --permission-audit and both bits`, async () => {
      const args = [nodeBinary(major), ...words];
      const launched = await host.run({ file: launcher, args, cwd: programs });
      expect(seen(launched)).toEqual(seen(await plain(major, words)));
    });
  }

  test.for([
    ['a program without a file', []],
    ['a program without a file that may load addons', ['--allow-addons']],
  ] as const)('%s runs, where nothing is refused', async ([, rights]) => {
    const words = ['--permission', ...rights, '-p', `process.permission.has('addon')`];
    const args = ['--audit', '--audit-log', log, '--', nodeBinary(major)];
    const launched = await host.run({ file: launcher, args: [...args, ...words] });
    expect(seen(launched)).toEqual(seen(await plain(major, words)));
  });

  test('a child without a file that may load addons runs as without the preload', async () => {
    const words = ['with-addons.cjs'];
    const args = ['--audit', '--audit-log', log, '--', nodeBinary(major), ...words];
    const launched = await host.run({ file: launcher, args, cwd: programs });
    expect(seen(launched)).toEqual(seen(await plain(major, words)));
  });

  test('a warning of --allow-addons is left where the program has that right', async () => {
    const words = model({ name: '', options: ['--allow-addons'], args: ['warnings.cjs'] });
    const env = { NODE_OPTIONS: `--require=${preload}` };
    const { stderr } = await host.run({ file: nodeBinary(major), args: words, cwd: programs, env });
    expect(stderr).toContain('The flag --allow-addons');
  });

  needs('execveCheck')('what is not approved is refused, and the log has it', async () => {
    const file = `${programs}/plain-${major}.cjs`;
    writeFileSync(file, 'console.log("RAN")', { mode: 0o644 });
    const words = ['--audit-log', log, nodeBinary(major), '--permission', file];
    const { status, stdout, stderr } = await host.run({ file: launcher, args: words });
    expect({ status, stdout }).toEqual({ status: 126, stdout: '' });
    expect(stderr).toContain(`execveat '${file}'`);
    const records = readFileSync(log, 'utf8').trim().split('\n');
    const last = JSON.parse(records.at(-1) ?? '') as object;
    expect(last).toMatchObject({ operation: 'load', path: file, denied: true });
  });

  for (const what of ['iterator', 'step']) {
    for (const how of ['spawnSync', 'execFileSync', 'execSync']) {
      needs('execveCheck')(`a false ${what} of arrays takes no preload from ${how}`, async () => {
        const file = `${programs}/child-${what}-${how}-${major}.cjs`;
        writeFileSync(file, 'console.log("RAN")', { mode: 0o644 });
        const words = ['--permission', '--allow-child-process', '--allow-fs-read=*'];
        const args = [nodeBinary(major), ...words, 'false-iterator.cjs', what, how, file];
        expect((await plain(major, args.slice(1))).stdout).toContain('RAN');
        const launched = await host.run({ file: launcher, args, cwd: programs });
        expect(launched.stdout, launched.stderr).not.toContain('RAN');
      });
    }
  }

  test('the preload without that right says how to give it', async () => {
    const words = ['--permission', '--require', preload, 'rights.cjs'];
    const { status, stdout, stderr } = await plain(major, words);
    expect({ status, stdout }).toEqual({ status: 126, stdout: '' });
    expect(stderr).toContain(`NODE_OPTIONS="${OWN}"`);
    expect(stderr).toContain('mayexec run');
  });
});
