/** checkModules(): the preload's checks, for the modules that a running program loads next. */
import { execFileSync } from 'node:child_process';
import { copyFileSync, chmodSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { needs } from '../support/kernel.js';
import { sandbox } from '../support/sandbox.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { EDGES, nodeBinary, type Major } from './versions.js';

const program = (name: string): string =>
  fileURLToPath(new URL(`modules/${name}`, import.meta.url));
const box = sandbox();

const bits = {
  none: {},
  'restrict file': { restrictFile: true },
  'deny interactive': { denyInteractive: true },
  both: { restrictFile: true, denyInteractive: true },
} as const;
const hosts = Object.fromEntries(
  Object.entries(bits).map(([name, set]) => [name, new PolicyHost(set)]),
) as Record<keyof typeof bits, PolicyHost>;
afterAll(() => {
  for (const host of Object.values(hosts)) host.close();
});

interface How {
  set?: keyof typeof bits;
  env?: Record<string, string>;
  options?: readonly string[];
}

async function run(
  major: Major | 20,
  name: string,
  args: string[],
  how: How = {},
): Promise<Outcome> {
  const { set = 'none', env = {}, options = [] } = how;
  return hosts[set].run({
    file: nodeBinary(major),
    args: ['--no-warnings', ...options, program(name), ...args],
    env,
  });
}

/** What a program prints as JSON. */
async function seen<T>(...[major, name, args, how]: Parameters<typeof run>): Promise<T> {
  const { stdout, stderr, status } = await run(major, name, args, how);
  if (status !== 0) throw new Error(`${name} ended with ${String(status)}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

/** A file of each kind, once with x and once without. */
function makeFolder(): string {
  const folder = box.directory('loads');
  const built = box.path('library.so');
  execFileSync('cc', ['-shared', '-fPIC', '-o', built, program('library.c')]);
  for (const [name, mode] of [
    ['allowed', 0o755],
    ['refused', 0o644],
  ] as const) {
    const file = (rest: string, text: string): string =>
      box.file(`loads/${name}${rest}`, mode, text);
    for (const rest of ['', '-created', '-loaded', '-imported', '-hooked']) {
      file(`${rest}.cjs`, 'exports.x = 1;');
    }
    for (const rest of ['', '-required', '-part']) file(`${rest}.mjs`, 'export const x = 1;');
    box.file(`loads/${name}-importer.mjs`, 0o755, `import './${name}-part.mjs';`);
    file('.cts', 'const x: number = 1; exports.x = x;');
    file('.mts', 'export const x: number = 1;');
    file('.json', '{"x":1}');
    for (const rest of ['', '-required']) {
      copyFileSync(built, file(`${rest}.node`, ''));
      chmodSync(box.path(`loads/${name}${rest}.node`), mode);
    }
  }
  box.file('loads/nested.cjs', 0o755, readFileSync(program('nested.cjs'), 'utf8'));
  return folder;
}

type Binds = 'files' | 'everything' | 'interactive' | 'nothing';
/** By what the tool does, the securebits, and what binds then. */
const policies: readonly [policy: string, set: keyof typeof bits, binds: Binds][] = [
  ['nothing', 'none', 'nothing'],
  ['restrict file', 'restrict file', 'files'],
  ['deny interactive', 'deny interactive', 'interactive'],
  ['both', 'both', 'everything'],
  ['enforce: true', 'none', 'everything'],
  ['enforcePolicy()', 'none', 'everything'],
  ['enforcePolicy(), later', 'none', 'everything'],
];

const files = [
  'require',
  'createRequire',
  'Module._load',
  'require of ESM',
  'import()',
  'import() of CommonJS',
  'import() that imports',
  'require of TypeScript',
  'import() of TypeScript',
  'process.dlopen',
  'require of an addon',
  'a hook of the tool',
  'a Worker',
  'a Worker with an environment',
  'a Worker that shares it',
  'a Worker with arguments',
  'a Worker in a Worker',
  'a Worker of getBuiltinModule',
];
const data = ['require of JSON', 'import() of JSON'];

/** Whether a file with x and one without x are refused, when these securebits bind. */
const expected = (load: string, binds: Binds): Record<'allowed' | 'refused', boolean> => {
  const both = (refused: boolean): Record<'allowed' | 'refused', boolean> => ({
    allowed: refused,
    refused,
  });
  if (load === 'module.register') return both(binds !== 'nothing');
  if (load === 'a data: URL') return both(binds === 'interactive' || binds === 'everything');
  const refused = files.includes(load) && (binds === 'files' || binds === 'everything');
  return { allowed: false, refused };
};

const folder = makeFolder();

describe.each(EDGES)('on Node %i', (major) => {
  describe.each(policies)('under %s', (policy, set, binds) => {
    let ended: Record<string, Record<'allowed' | 'refused', string>>;
    beforeAll(async () => {
      ended = await seen(major, 'tool.cjs', [folder, policy], { set });
    });
    for (const load of [...files, ...data, 'a data: URL', 'module.register']) {
      const { allowed, refused } = expected(load, binds);
      const is = (denied: boolean): string => (denied ? 'refused' : 'ran');
      needs('execveCheck')(`${load}: with x ${is(allowed)}, without x ${is(refused)}`, () => {
        expect(ended[load]).toEqual({ allowed: is(allowed), refused: is(refused) });
      });
    }
  });
});

interface Again {
  same: boolean;
  returned: unknown[];
  told: string[];
  ended: string;
}

describe.each(EDGES)('on Node %i, checkModules()', (major) => {
  const refused = box.file('refused.cjs', 0o644, 'exports.x = 1;');
  const allowed = box.file('allowed.cjs', 0o755, 'module.exports = "its own text";');
  const once = { same: true, returned: [null, null, null] };
  const preloaded = { env: { NODE_OPTIONS: `--require ${preload}` } };
  const enforced = JSON.stringify({ enforce: true });

  needs('execveCheck')('is one function, and checks once however often it is called', async () => {
    expect(await seen<Again>(major, 'again.mjs', [refused])).toEqual({
      ...once,
      told: ['load'],
      ended: 'ran',
    });
  });
  needs('execveCheck')('binds from the call on that enforces, whichever it is', async () => {
    expect(await seen<Again>(major, 'again.mjs', [refused, enforced])).toMatchObject({
      ...once,
      told: ['load, denied'],
      ended: expect.stringContaining('checkModules() was called with enforce: true') as string,
    });
  });
  needs('execveCheck')('adds nothing to the preload', async () => {
    expect(await seen<Again>(major, 'again.mjs', [refused], preloaded)).toEqual({
      ...once,
      told: ['load'],
      ended: 'ran',
    });
  });
  needs('execveCheck')('adds to the preload that it enforces', async () => {
    expect(await seen<Again>(major, 'again.mjs', [refused, enforced], preloaded)).toMatchObject({
      ...once,
      told: ['load, denied'],
      ended: expect.stringContaining('checkModules() was called with enforce: true') as string,
    });
  });

  needs('execveCheck')('leaves what was loaded before, and ends no program', async () => {
    const ended = await seen(major, 'before.cjs', [refused, box.file('other.cjs', 0o644, '')], {
      set: 'both',
    });
    expect(ended).toEqual({ again: true, other: 'EACCES' });
  });
  needs('execveCheck')('leaves an uncaught denial to Node', async () => {
    const { status, stderr } = await run(major, 'call.cjs', ['', refused], { set: 'both' });
    expect(status).toBe(1);
    expect(stderr).toContain('ExecDeniedError: EACCES: permission denied');
  });

  describe.each([
    ['that change nothing', 'nothing', allowed, 'its own text'],
    ['that make another text', 'another text', allowed, 'another text'],
    [
      'on a thread of their own that make another text',
      'on a thread',
      box.file('allowed.mjs', 0o755, 'export default "its own text";'),
      'another text',
    ],
  ])('where there are hooks %s', (_title, kind, file, text) => {
    needs('execveCheck')('leaves what they make where nothing is enforced', async () => {
      expect(await seen(major, 'hooks.cjs', [kind, file])).toBe(text);
    });
    needs('execveCheck')(`refuses what they make under a restriction`, async () => {
      const result = await seen<string>(major, 'hooks.cjs', [kind, file], { set: 'restrict file' });
      if (kind === 'nothing') expect(result).toBe(text);
      else expect(result).toContain('a hook that was registered before checkModules()');
    });
  });

  describe.each(['before', 'after', 'before, then enforced'])('with a compile cache %s', (when) => {
    needs('execveCheck')('lets it be where nothing is enforced', async () => {
      const ended = await seen<Record<string, unknown>>(major, 'cache.cjs', [when, allowed]);
      if (when === 'before, then enforced') {
        expect(ended['refused']).toContain('holds unchecked bytecode');
      } else expect(ended).toEqual({ ran: true, ...(when === 'after' ? { disabled: false } : {}) });
    });
    needs('execveCheck')('runs nothing from it under a restriction', async () => {
      const how = { set: 'restrict file' } as const;
      const ended = await seen<Record<string, unknown>>(major, 'cache.cjs', [when, allowed], how);
      if (when === 'after') expect(ended).toEqual({ ran: true, disabled: true });
      else if (when === 'before') {
        expect(ended['refused']).toContain('holds unchecked bytecode');
      }
    });
  });

  needs('execveCheck')('puts nothing into the environment of Workers', async () => {
    const code = `require('node:worker_threads').parentPort.postMessage(process.env.NODE_OPTIONS ?? null);`;
    const sees = box.file('sees.cjs', 0o755, code);
    const how = { set: 'both' } as const;
    expect(await seen(major, 'worker-sees.cjs', [sees], how)).toEqual([null, null]);
    const env = { NODE_OPTIONS: '--no-deprecation' };
    expect(await seen(major, 'worker-sees.cjs', [sees], { ...how, env })).toEqual([
      '--no-deprecation',
      '--no-deprecation',
    ]);
  });

  needs('execveCheck')('obeys MAYEXEC_ENFORCE, and writes MAYEXEC_AUDIT_LOG', async () => {
    const log = box.path(`log-${major}`);
    const env = { MAYEXEC_ENFORCE: '1', MAYEXEC_AUDIT_LOG: log };
    const { stderr } = await run(major, 'call.cjs', ['', refused], { env });
    expect(stderr).toContain('and MAYEXEC_ENFORCE is set');
    expect(readFileSync(log, 'utf8')).toContain(`"path":"${refused}"`);
  });
  needs('execveCheck')('cannot do what MAYEXEC_STRICT asks for', async () => {
    const env = { MAYEXEC_STRICT: '1' };
    expect(await seen(major, 'call.cjs', [], { env })).toMatchObject({
      name: 'ExecDeniedError',
      message: expect.stringContaining('Use mayexec run --strict') as string,
    });
  });
  needs('execveCheck')('throws without the addon, and ends no program', async () => {
    const how = { options: ['--no-addons'] };
    expect(await seen(major, 'call.cjs', [], how)).toMatchObject({
      name: 'UnsupportedError',
      reason: 'addon',
    });
  });
});

describe('on Node 20, checkModules()', () => {
  test('does nothing where nothing is enforced', async () => {
    expect(await seen(20, 'call.cjs', [])).toBe('returned');
  });
  for (const [title, args, set] of [
    ['restrictFile', [], 'restrict file'],
    ['denyInteractive', [], 'deny interactive'],
    ['enforcePolicy()', ['enforcePolicy'], 'none'],
  ] as const) {
    needs('execveCheck')(`throws under ${title}`, async () => {
      expect(await seen(20, 'call.cjs', [...args], { set })).toMatchObject({
        name: 'UnsupportedError',
        reason: 'platform',
        message: expect.stringContaining('needs module.registerHooks of Node 22.15') as string,
      });
    });
  }
});

describe('the options', () => {
  const wrong = {
    'another name': { name: 'TypeError', code: 'ERR_INVALID_ARG_VALUE' },
    'another type': { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' },
    null: { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' },
    'a string': { name: 'TypeError', code: 'ERR_INVALID_ARG_TYPE' },
  };
  const right = {
    nothing: 'returned',
    undefined: 'returned',
    'no options': 'returned',
    'enforce: false': 'returned',
  };
  test('are checked', async () => {
    expect(await seen(24, 'arguments.cjs', [])).toMatchObject({
      ...wrong,
      ...right,
      'enforce: true': 'returned',
    });
  });
  test.each(['darwin', 'win32', 'freebsd'])('mean nothing on %s but enforce', async (platform) => {
    expect(await seen(24, 'arguments.cjs', [platform])).toMatchObject({
      ...wrong,
      ...right,
      'enforce: true': { name: 'UnsupportedError', reason: 'platform' },
    });
  });
});
