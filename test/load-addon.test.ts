/** What a call says where the package has no addon that can be loaded. */
import { execFileSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { expect } from 'vitest';

import { needs } from './support/kernel.js';
import { runChild, sandbox } from './support/sandbox.js';

const box = sandbox();
const folder = fileURLToPath(new URL('../build/Release', import.meta.url));
const addon = `${folder}/mayexec.node`;
/** No addon that was built here, and none that `npm pack` put into the package. */
const MISSING = [folder, fileURLToPath(new URL('../prebuilds', import.meta.url))]
  .map((place) => `if [ -d '${place}' ]; then mount -t tmpfs none '${place}'; fi`)
  .join('\n');
const test = needs('unshare', 'root');

interface Failure {
  name: string;
  reason: string;
  message: string;
}

const failure = (mounts: string): Failure =>
  runChild<Failure>('return attempt(() => mayexec.openMayExecSync("/etc/passwd"))', { mounts });

test('a missing file is named, and one that is no shared object with the loader’s reason', () => {
  const missing = failure(MISSING);
  expect(missing).toMatchObject({ name: 'UnsupportedError', reason: 'addon' });
  expect(missing.message).toContain(`'${addon}' (no such file)`);
  const empty = failure(`mount --bind /dev/null '${addon}'`);
  expect(empty).toMatchObject({ name: 'UnsupportedError', reason: 'addon' });
  expect(empty.message).toMatch(/mayexec\.node' \((?!no such file)/);
});

/** The advice, by the user agent that a package manager sets and the program that was started. */
function advice(starts: readonly (readonly [agent: string | null, program: string])[]): string[] {
  return runChild<string[]>(
    `const found = [];
    for (const [agent, program] of input) {
      delete process.env.npm_config_user_agent;
      if (agent !== null) process.env.npm_config_user_agent = agent;
      process.argv[1] = program;
      const { message } = await attempt(() => mayexec.openMayExecSync('/etc/passwd'));
      found.push(/\`(.*)\`/.exec(message)?.[1]);
    }
    return found;`,
    { mounts: MISSING, input: starts },
  );
}

test('the advice is a command of the package manager that started the program', () => {
  const rows = [
    ['npm', 'npx mayexec build-addon'],
    ['pnpm', 'pnpm exec mayexec build-addon'],
    ['yarn', 'yarn mayexec build-addon'],
    ['bun', 'bunx mayexec build-addon'],
    ['deno', 'deno run -A npm:mayexec build-addon'],
    // No command is known for it.
    ['cargo', 'npx mayexec build-addon'],
  ] as const;
  const program = box.file('program.mjs');
  const found = advice(rows.map(([manager]) => [`${manager}/9.1.0 linux x64`, program]));
  expect(found).toEqual(rows.map(([, command]) => command));
});

test('or of the one whose lockfile lies above the program', () => {
  const rows = [
    ['pnpm-lock.yaml', 'pnpm exec mayexec build-addon'],
    ['yarn.lock', 'yarn mayexec build-addon'],
    ['bun.lock', 'bunx mayexec build-addon'],
    ['bun.lockb', 'bunx mayexec build-addon'],
    ['deno.lock', 'deno run -A npm:mayexec build-addon'],
    ['package-lock.json', 'npx mayexec build-addon'],
  ] as const;
  const found = advice(
    rows.map(([lockfile]) => {
      box.file(`of-${lockfile}/${lockfile}`);
      return [null, box.file(`of-${lockfile}/lib/program.mjs`)];
    }),
  );
  expect(found).toEqual(rows.map(([, command]) => command));
});

const builds: readonly [bundler: string, define: Readonly<Record<string, string>>][] = [
  ['that keeps the place of the bundle', {}],
  ['that writes down the place of the build, as Bun and Parcel do', { __dirname: '"/no/dist"' }],
  ['that knows no place', { __dirname: 'undefined.dirname' }],
];
for (const [bundler, define] of builds) {
  needs('prctl')(`beside a bundle the addon is found, by a bundler ${bundler}`, async () => {
    const main = box.file(`bundle-${Object.values(define).join('').length}/bundle.cjs`);
    await build({
      stdin: {
        contents: `const { probe } = require('./index.cjs');
          console.log(probe().addon.status);`,
        resolveDir: fileURLToPath(new URL('../dist', import.meta.url)),
      },
      ...{ bundle: true, platform: 'node', outfile: main, logLevel: 'error', define },
    });
    const run = (): string => execFileSync(process.execPath, [main], { encoding: 'utf8' });
    expect(run()).toBe('unavailable\n');
    copyFileSync(addon, main.replace('bundle.cjs', 'mayexec.node'));
    expect(run()).toBe('supported\n');
  });
}
