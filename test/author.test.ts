/**
 * What the author of an interpreter relies on: names that are known, a search for
 * modules, a policy for the process, and platforms without one.
 */
import { open } from 'node:fs/promises';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';

import * as mayexec from '../src/index.js';
import { features, needs } from './support/kernel.js';
import { runChild, sandbox } from './support/sandbox.js';

const box = sandbox();
const script = box.file('script.lua', 0o755, '\uFEFFone\ntwo\n');
const plain = box.file('plain.lua', 0o644, 'plain');
const directory = box.directory('folder');
const missing = box.path('missing.lua');

const calls: Readonly<Record<string, (options: object) => unknown>> = {
  openMayExec: (options) => mayexec.openMayExec(script, options),
  openMayExecSync: (options) => mayexec.openMayExecSync(script, options),
  readMayExec: (options) => mayexec.readMayExec(script, options),
  readMayExecSync: (options) => mayexec.readMayExecSync(script, options),
  readFirstMayExec: (options) => mayexec.readFirstMayExec([script], options),
  readFirstMayExecSync: (options) => mayexec.readFirstMayExecSync([script], options),
  checkExec: (options) => mayexec.checkExec(0, options),
  checkExecSync: (options) => mayexec.checkExecSync(0, options),
  checkInteractive: (options) => mayexec.checkInteractive(options),
  openat2: (how) => mayexec.openat2(script, how),
  openat2Sync: (how) => mayexec.openat2Sync(script, how),
  'openat2 with resolve': (resolve) => mayexec.openat2(script, { resolve }),
  restrictExec: (options) => mayexec.restrictExec({ allow: [], ...options }),
  openAuditLog: (options) => mayexec.openAuditLog(box.path('log'), options),
  openSystemLog: (options) => mayexec.openSystemLog('journal', options),
  setSecurebits: (bits) => {
    mayexec.setSecurebits(bits);
  },
};
const unknown: readonly [title: string, options: object][] = [
  ['enforced', { enforced: true }],
  ['enforced, without a value', { enforced: undefined }],
];
const odd: readonly [title: string, options: object][] = [
  ['an inherited name', Object.create({ enforced: true }) as object],
  ['a symbol', { [Symbol('enforce')]: true }],
];

describe('an option that is not known is refused', () => {
  for (const [name, call] of Object.entries(calls)) {
    // restrictExec's own are spread here, which leaves out what is inherited.
    for (const [title, options] of name === 'restrictExec' ? unknown : [...unknown, ...odd]) {
      test(`${name}: ${title}`, async () => {
        await expect(Promise.resolve().then(() => call(options))).rejects.toMatchObject({
          name: 'TypeError',
          code: 'ERR_INVALID_ARG_VALUE',
          message: expect.stringMatching(/enforce.* must be one of \w+/) as string,
        });
      });
    }
  }
});

describe('a search for modules', () => {
  needs('prctl')('passes over what is missing, and directories', async () => {
    const candidates = [missing, `${plain}/init.lua`, directory, script, plain];
    const found = mayexec.readFirstMayExecSync(candidates, 'utf8');
    expect(found).toMatchObject({ path: script, content: 'one\ntwo\n' });
    expect(await mayexec.readFirstMayExec(candidates, { encoding: 'utf8' })).toEqual(found);
  });
  needs('execveCheck')('never passes over a denial', async () => {
    const candidates = [missing, plain, script];
    const refused = { name: 'ExecDeniedError', path: plain };
    const options = { enforce: true };
    expect(() => mayexec.readFirstMayExecSync(candidates, options)).toThrow(
      expect.objectContaining(refused) as Error,
    );
    await expect(mayexec.readFirstMayExec(candidates, options)).rejects.toMatchObject(refused);
  });
  needs('prctl')('names all candidates when there is none', async () => {
    const candidates = [missing, directory];
    await expect(mayexec.readFirstMayExec(candidates)).rejects.toMatchObject({
      name: 'NotFoundError',
      code: 'ENOENT',
      candidates,
      message: expect.stringContaining(`'${missing}', '${directory}'`) as string,
    });
  });
  test('without candidates is a mistake', () => {
    expect(() => mayexec.readFirstMayExecSync([])).toThrow(TypeError);
  });
});

needs('prctl')('a directory is EISDIR under every policy', async () => {
  for (const enforce of [false, true]) {
    const refused = { name: 'FileTypeError', code: 'EISDIR', path: directory };
    await expect(mayexec.openMayExec(directory, { enforce })).rejects.toMatchObject(refused);
    await expect(mayexec.readMayExec(directory, { enforce })).rejects.toMatchObject(refused);
  }
});

needs('execveCheck')('enforcePolicy() reaches Workers that run already', () => {
  const names = runChild<string[]>(
    `const { Worker } = await import('node:worker_threads');
     const { once } = await import('node:events');
     const worker = new Worker(
       \`const { parentPort } = require('node:worker_threads');
        import(\${JSON.stringify(input.index)}).then(({ openMayExecSync }) => {
          parentPort.on('message', (path) => {
            try { openMayExecSync(path).closeSync(); parentPort.postMessage('opened'); }
            catch (error) { parentPort.postMessage(error.message); }
          });
        });\`, { eval: true, execArgv: [] });
     const ask = async () => { worker.postMessage(input.plain); return (await once(worker, 'message'))[0]; };
     const before = await ask();
     mayexec.enforcePolicy();
     const answers = [before, await ask(), (await attempt(() => mayexec.openMayExec(input.plain))).name];
     await worker.terminate();
     return answers;`,
    { input: { plain, index: new URL('../dist/index.js', import.meta.url).href } },
  );
  expect(names[0]).toBe('opened');
  expect(names[1]).toContain('and enforcePolicy() was called');
  expect(names[2]).toBe('ExecDeniedError');
});

needs('prctl')('an fd may be what holds it', async () => {
  await using handle = await open(script);
  using file = mayexec.openMayExecSync(script);
  await using folder = await open(directory);
  box.file('folder/inside.lua', 0o755, 'inside');
  for (const fd of [handle, file, { fd: handle.fd }]) {
    // A kernel with O_MAYEXEC enforces by itself.
    const binding = features.oMayExec !== null || features.clipOs;
    expect(mayexec.checkExecSync(fd)).toMatchObject({ binding });
  }
  expect(mayexec.readMayExecSync('inside.lua', { dir: folder, encoding: 'utf8' })).toBe('inside');
  expect(() => mayexec.checkExecSync({ fd: -1 })).toThrow(mayexec.InvalidArgumentError);
});

describe('an ExecFile is used as a FileHandle is', () => {
  needs('prctl')('stat, lines, a stream of the Web, and its fd in inspect', async () => {
    using file = mayexec.openMayExecSync(script);
    expect(file.statSync().size).toBe(11);
    expect((await file.stat({ bigint: true })).size).toBe(11n);
    expect(await file.text('latin1')).toBe('ï»¿one\ntwo\n');
    expect(inspect(file)).toContain(`fd: ${file.fd}`);
    const lines: string[] = [];
    for await (const line of mayexec.openMayExecSync(script).readLines()) lines.push(line);
    expect(lines).toEqual(['one', 'two']);
    const web = mayexec.openMayExecSync(script).readableWebStream();
    expect((await new Response(web as ReadableStream).arrayBuffer()).byteLength).toBe(11);
  });
  for (const highWaterMark of [1, 2, 3, 4, 64]) {
    needs('prctl')(`a stream of text has no mark, by chunks of ${highWaterMark}`, async () => {
      let text = '';
      const stream = mayexec
        .openMayExecSync(script)
        .createReadStream({ encoding: 'utf8', highWaterMark });
      for await (const chunk of stream) text += String(chunk);
      expect(text).toBe('one\ntwo\n');
    });
  }
});

describe.each(['darwin', 'win32', 'freebsd'])('on %s', (platform) => {
  const on = (expression: string): unknown =>
    runChild(`return attempt(async () => ${expression});`, {
      before: `Object.defineProperty(process, 'platform', { value: '${platform}' });`,
      input: { plain, missing, directory },
    });
  const nobody = { allowed: null, binding: false, mechanism: 'none' };
  const cases: readonly [title: string, expression: string, outcome: unknown][] = [
    ['a file is handed over, unasked', '(await mayexec.openMayExec(input.plain)).verdict', nobody],
    ['by the synchronous form too', 'mayexec.openMayExecSync(input.plain).verdict', nobody],
    ['it is read', `mayexec.readMayExec(input.plain, 'utf8')`, 'plain'],
    ['checkExec says that nobody was asked', `mayexec.checkExec(0)`, nobody],
    ['so does checkInteractive', 'mayexec.checkInteractive()', nobody],
    ['what is missing is', 'mayexec.openMayExec(input.missing)', { name: 'NotFoundError' }],
    ['a directory is one', 'mayexec.openMayExec(input.directory)', { code: 'EISDIR' }],
    ...[
      'openMayExec(input.plain, ',
      'readMayExecSync(input.plain, ',
      'checkExec(0, ',
      'checkInteractive(',
    ].map((call): [string, string, unknown] => [
      `enforce: true cannot be kept: ${call}`,
      `mayexec.${call}{ enforce: true })`,
      { name: 'UnsupportedError', reason: 'platform' },
    ]),
    [
      'nor resolve',
      'mayexec.openMayExec(input.plain, { resolve: { beneath: true } })',
      { name: 'UnsupportedError', reason: 'platform' },
    ],
    [
      'nor openat2',
      'mayexec.openat2(input.plain)',
      { name: 'UnsupportedError', reason: 'platform' },
    ],
  ];
  test.for(cases)('%s', ([, expression, outcome]) => {
    if (typeof outcome === 'object') expect(on(expression)).toMatchObject(outcome as object);
    else expect(on(expression)).toBe(outcome);
  });
});
