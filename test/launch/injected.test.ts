import { chmodSync, cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { MAJORS, nodeBinary } from '../preload/versions.js';
import { launched, type Outcome } from './launcher.js';

/*
 * Operators of Kubernetes inject a module into every pod, by NODE_OPTIONS. It stays behind
 * the preload, and is a file like any other there.
 */

const root = mkdtempSync(join(tmpdir(), 'mayexec-injected-'));
afterAll(() => {
  rmSync(root, { recursive: true });
});

/** A folder with the program, and the injected files with a mode, and with a mode what they load. */
function folder(mode: number, dependency = mode): string {
  const path = mkdtempSync(join(root, 'app-'));
  cpSync(fileURLToPath(new URL('programs/injected', import.meta.url)), path, { recursive: true });
  mkdirSync(join(path, 'with space'));
  cpSync(join(path, 'injected.cjs'), join(path, 'with space/injected.cjs'));
  for (const name of ['main.cjs', 'child.cjs']) chmodSync(join(path, name), 0o755);
  for (const name of ['injected.cjs', 'injected.mjs', 'with space/injected.cjs'])
    chmodSync(join(path, name), mode);
  chmodSync(join(path, 'dependency.cjs'), dependency);
  return path;
}

describe.for(MAJORS)('on Node %i', (major) => {
  const run = (cwd: string, nodeOptions: string, args = ['--lock']): Promise<Outcome> =>
    launched([...args, '--', nodeBinary(major), 'main.cjs'], {
      cwd,
      env: { NODE_OPTIONS: nodeOptions.replaceAll('FOLDER', cwd) },
    });

  describe.for([
    '--require ./injected.cjs',
    '--require=FOLDER/injected.cjs',
    '-r FOLDER/injected.cjs',
    '--import ./injected.mjs',
    '--import=file://FOLDER/injected.mjs',
    '--no-warnings --require "./with space/injected.cjs" --title=x',
  ])('NODE_OPTIONS=%s', (nodeOptions) => {
    test('runs when it is approved: in the program, its Worker and its child', async () => {
      const { stdout, stderr, status } = await run(folder(0o755), nodeOptions);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      expect(stdout.trim().split('\n').sort()).toEqual(
        ['injected', 'injected', 'injected', 'main', 'worker', 'child'].sort(),
      );
    });

    test('is refused when it is not', async () => {
      const { stdout, stderr, status } = await run(folder(0o644), nodeOptions);
      expect({ stdout, status }).toEqual({ stdout: '', status: 126 });
      expect(stderr).toMatch(/^mayexec: .*injected\.[cm]js/);
    });

    test('is refused when what it loads is not approved', async () => {
      const { stdout, stderr, status } = await run(folder(0o755, 0o644), nodeOptions);
      expect({ stdout, status }).toEqual({ stdout: '', status: 126 });
      expect(stderr).toMatch(/dependency\.cjs/);
    });
  });

  test.for<[string, string]>([
    ['a data: URL', '--import=data:text/javascript,console.log("injected")'],
    ['a loader', '--experimental-loader=./injected.mjs'],
  ])('%s does not run, whatever is approved', async ([, nodeOptions]) => {
    const { stdout } = await run(folder(0o755), nodeOptions);
    expect(stdout).not.toContain('injected');
  });

  test('the preload is first, whatever is injected before it', async () => {
    const { stdout, stderr } = await run(
      folder(0o644),
      `--require ./injected.cjs --require=${preload}`,
    );
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^mayexec: .*injected\.cjs/);
  });
});
