/** The records of programs that are started, and of the text of code that comes from no file. */
import { createHash } from 'node:crypto';
import { chmodSync, cpSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { WITHOUT_EVAL } from '../../src/preload/inherit/preload-option.js';
import { Fixture } from './fixture.js';
import { PolicyHost } from './policy-host.js';
import { EDGES, nodeBinary } from './versions.js';

const open = new PolicyHost({});
const restricted = new PolicyHost({ restrictFile: true, restrictFileLocked: true });
const fixture = new Fixture();

afterAll(() => {
  open.close();
  restricted.close();
  rmSync(fixture.root, { recursive: true });
});

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

interface Line {
  readonly operation: string;
  readonly origin: string;
  readonly option?: string;
  readonly denied: boolean;
  readonly sha256?: string;
  readonly text?: string;
  readonly textLength?: number;
  readonly child?: {
    readonly file: string;
    readonly argv: string[];
    readonly argc?: number;
    readonly cwd?: string;
    readonly preload: boolean;
  };
}

describe.for(EDGES)('on Node %i', (major) => {
  const cwd = fixture.folder(`records ${major}`, { name: '', kind: 'file', args: [] }, 0o644);
  cpSync(fileURLToPath(new URL('records', import.meta.url)), cwd, { recursive: true });
  for (const name of readdirSync(cwd)) chmodSync(join(cwd, name), 0o755);
  const node = realpathSync(nodeBinary(major));
  let logs = 0;

  const run = async (
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
    more: { host?: PolicyHost; input?: string } = {},
  ): Promise<{ lines: Line[]; texts: string[]; stdout: string; stderr: string }> => {
    const log = join(fixture.root, `${major}-${logs++}.jsonl`);
    const { stdout, stderr } = await (more.host ?? open).run({
      file: node,
      args: [...args],
      cwd,
      env: {
        PATH: process.env['PATH'] ?? '',
        NODE_OPTIONS: `--require ${preload}`,
        MAYEXEC_AUDIT_LOG: log,
        ...env,
      },
      ...(more.input === undefined ? {} : { input: more.input }),
    });
    const texts = readFileSync(log, 'utf8').trim().split('\n');
    return { lines: texts.map((line) => JSON.parse(line) as Line), texts, stdout, stderr };
  };

  describe('a program that is started', () => {
    test('has a record in every way of starting it', async () => {
      const { lines } = await run(['children.cjs']);
      const started = lines.flatMap(({ operation, origin, child, denied }) =>
        origin === 'child-process' ? [{ operation, denied, ...child }] : [],
      );
      const record = (
        operation: string,
        file: string,
        argv: string[],
        more: object = {},
      ): object => ({
        operation,
        file,
        argv,
        preload: true,
        denied: false,
        ...more,
      });
      const program = join(cwd, 'child.cjs');
      expect(started).toEqual([
        record('spawnSync', 'true', ['true', 'spawnSync']),
        record('spawnSync', 'true', ['true', 'execFileSync']),
        record('spawnSync', '/bin/sh', ['/bin/sh', '-c', 'true execSync']),
        record('spawn', 'true', ['other', 'spawn'], { cwd: '/' }),
        record('spawn', 'true', ['true', 'execFile']),
        record('spawn', '/bin/sh', ['/bin/sh', '-c', 'true exec']),
        record('spawn', node, [node, program, 'fork']),
        record('spawn', node, [node, program, 'cluster']),
        record('execve', '/bin/true', ['true', 'execve']),
      ]);
    });

    test('that is refused has a record behind that of the refusal', async () => {
      const { lines, stdout } = await run(['refused.cjs'], {}, { host: restricted });
      expect(stdout).toBe('EACCES');
      expect(lines.slice(-2)).toMatchObject([
        { operation: 'option', option: '--expose-internals', denied: true },
        {
          operation: 'spawnSync',
          denied: true,
          child: { file: node, argv: [node, '--expose-internals', 'child.cjs'] },
        },
      ]);
    });

    test('is not changed by a subscriber', async () => {
      expect((await run(['subscriber.cjs'])).stdout).toBe('as it was\n');
    });

    test('has its first 4,096 characters of words in the log, and their number', async () => {
      const { lines } = await run(['long.cjs']);
      const { argv = [], argc } = lines.at(-1)?.child ?? {};
      expect(argv.map((word) => word.length)).toEqual([4, 4000, 92]);
      expect(argc).toBe(4);
    });
  });

  const gates = { MAYEXEC_STRICT: 'audit' };
  const whole = { MAYEXEC_LOG_TEXT: '65536' };

  describe('the text of code that comes from no file', () => {
    const ofFunction = (kind: string, words: string, body: string): string =>
      `(${kind} anonymous(${words}\n) {\n${body}\n})`;

    test('is in the log by each way', async () => {
      const { lines } = await run(['texts.cjs'], { ...gates, ...whole });
      // Node runs the string of a Worker by a text of its own, which is there, too.
      const told = lines.filter(({ text }) => text?.includes('/*') === true);
      expect(told.map(({ origin, text }) => [origin, text])).toEqual([
        ['data-url', '/*data-url*/'],
        ['data-url', '/*base64*/'],
        ['worker-eval', '/*worker-eval*/'],
        ['vm', '/*vm.Script*/'],
        ['vm', '/*runInThisContext*/'],
        ['vm', '/*runInNewContext*/'],
        ['vm', '/*runInContext*/'],
        ['vm', '/*compileFunction*/'],
        ['eval', '/*eval*/'],
        ['eval', '/*indirect*/'],
        ['eval', ofFunction('function', 'a,b', '/*Function*/')],
        ['eval', ofFunction('async function', '', '/*AsyncFunction*/')],
        ['eval', ofFunction('function*', '', '/*GeneratorFunction*/')],
        ['eval', ofFunction('async function*', '', '/*AsyncGeneratorFunction*/')],
        ['compile', '/*compile*/'],
        ['hooks', '/*hooks*/'],
        ['compile', '/*hooks*/'],
      ]);
      for (const { text = '', sha256: digest } of told) expect(digest).toBe(sha256(text));
    });

    test('is in the log where a hook supplies a module without a file', async () => {
      const { lines } = await run(['hooks.mjs'], whole);
      const told = lines.filter(({ text }) => text !== undefined);
      expect(told).toMatchObject(
        ['/*imported*/', '/*required*/', '/*no such file*/'].map((text) => ({
          ...{ operation: 'load', origin: 'hook', denied: false, wouldDeny: false },
          ...{ text, sha256: sha256(text) },
        })),
      );
    });

    test.for<[string, string[], string, string | undefined]>([
      ['--eval', ['--eval', '/*eval*/'], 'eval', undefined],
      ['--print', ['--print', '1'], 'eval', undefined],
      ['standard input', [], 'stdin', '/*stdin*/'],
      ['standard input by a dash', ['-'], 'stdin', '/*stdin*/'],
      ['standard input as a module', ['--input-type=module'], 'stdin', '/*stdin*/'],
    ])('is in the log: %s', async ([, args, origin, input]) => {
      const { lines } = await run(args, whole, input === undefined ? {} : { input });
      const text = input ?? args.at(-1) ?? '';
      expect(lines.at(-1)).toMatchObject({ origin, text, sha256: sha256(text) });
    });

    const typed = (lines: readonly Line[]): (string | undefined)[] =>
      lines.flatMap((line) => {
        if (line.origin !== 'repl' || line.sha256 === undefined) return [];
        expect(line.sha256).toBe(sha256(line.text ?? ''));
        return [line.text];
      });

    test('is in the log as often as Node’s own REPL tries it: .load, too', async () => {
      const input = '1 + 1\nvar a = {\nb: 2 }\n.load child.cjs\n';
      const { lines, stdout } = await run(['--interactive'], whole, { input });
      expect(stdout).toContain('> 2\n');
      const loaded = readFileSync(join(cwd, 'child.cjs'), 'utf8');
      const tried = ['1 + 1\n', 'var a = {\n', 'var a = {\nb: 2 }\n', `${loaded}\n`];
      expect(typed(lines)).toEqual(tried);
    });

    test('is in the log for each REPL of a program', async () => {
      const { lines } = await run(['repl.cjs'], whole);
      const old = major < 26 ? ["'call'\n"] : [];
      expect(typed(lines).toSorted()).toEqual([...old, "'new'\n", "'start'\n", 'own words\n']);
    });

    test('is refused in a REPL that denies itself what is interactive', async () => {
      const api = JSON.stringify(fileURLToPath(new URL('../../dist/index.cjs', import.meta.url)));
      const input = `require(${api}).setSecurebits({ denyInteractive: true })\n'it' + ' ran'\n`;
      const { lines, stdout } = await run(['--interactive'], whole, { input });
      expect(stdout).toContain('EACCES');
      expect(stdout).not.toContain('it ran');
      expect(lines.at(-1)).toMatchObject({ origin: 'repl', denied: true });
    });

    test.for<[string, NodeJS.ProcessEnv, string[]]>([
      ['without a log', {}, []],
      [
        'with a log to nowhere',
        { MAYEXEC_AUDIT_LOG: '/dev/null' },
        ['child-process true', 'repl ', "repl 'typed'"],
      ],
    ])('is told to a subscriber: %s', async ([, log, told]) => {
      const { stdout } = await open.run({
        file: node,
        args: ['listener.cjs'],
        cwd,
        env: { PATH: process.env['PATH'] ?? '', NODE_OPTIONS: `--require ${preload}`, ...log },
      });
      expect(stdout.split('\n').filter(Boolean)).toEqual(told);
    });

    test('is not in the log unless it is asked for, but its digest is', async () => {
      const { lines } = await run(['texts.cjs'], gates);
      expect(lines.filter(({ text }) => text !== undefined)).toEqual([]);
      expect(lines.map((line) => line.sha256)).toContain(sha256('/*vm.Script*/'));
    });

    test('is cut at the bound, with its whole length and the digest of all of it', async () => {
      const code = `/*${'é'.repeat(100)}*/`;
      const { lines } = await run(['--eval', code], { MAYEXEC_LOG_TEXT: '10' });
      expect(lines[0]).toMatchObject({
        text: code.slice(0, 10),
        textLength: code.length,
        sha256: sha256(code),
      });
    });

    test('of any characters is one line of JSON', async () => {
      const code = '\'\u0001\u001b[2J\u2028\\n{"denied":true}\ud83d\'\n\n';
      const { lines, texts } = await run(['-'], { ...whole }, { input: code });
      expect(lines.at(-1)?.text).toBe(code.replace('\ud83d', '\ufffd'));
      // eslint-disable-next-line no-control-regex -- none of them may be in the log
      expect(texts.join('')).not.toMatch(/[\0-\x1f]/);
    });

    test('is the same under --strict, which refuses it', async () => {
      const watched = await run(['constructors.cjs'], { ...gates, ...whole });
      const closed = await run(['constructors.cjs'], {
        ...whole,
        MAYEXEC_STRICT: '1',
        NODE_OPTIONS: `--require ${preload} ${WITHOUT_EVAL}`,
      });
      const texts = ({ lines }: { lines: Line[] }): unknown[] =>
        lines.flatMap(({ origin, text }) => (origin === 'eval' ? [text] : []));
      expect(texts(watched)).toHaveLength(12);
      expect(texts(closed)).toEqual(texts(watched));
    });

    test('goes through an open gate a hundred times on each thread, and has one record', async () => {
      const { lines } = await run(['often.cjs'], { ...gates, ...whole });
      const texts = lines.flatMap(({ origin, text }) => (origin === 'vm' ? [text] : []));
      expect(texts).toEqual(['0', '1']);
    });

    test('is in the logs of children, too', async () => {
      const code = "require('node:child_process').execFileSync(process.execPath, ['-e', '1'])";
      const { lines } = await run(['--eval', code], whole);
      expect(lines.map(({ text }) => text)).toEqual([code, undefined, '1']);
    });

    test.for(['many', '-1', '65537', '1.5'])('is not written for %s characters', async (most) => {
      const { lines, stderr } = await run(['--eval', '1'], { MAYEXEC_LOG_TEXT: most });
      expect(stderr).toBe(
        `mayexec: MAYEXEC_LOG_TEXT is '${most}', which is no number from 0 to 65536. No text is written\n`,
      );
      expect(lines[0]).not.toHaveProperty('text');
    });
  });
});
