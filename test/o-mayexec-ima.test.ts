/**
 * IMA on a kernel with O_MAYEXEC: the series' last patch lets its rules name MAY_OPENEXEC. The
 * policy and the keys are those of lab/o-mayexec/with-keys.sh.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { appendFileSync, chownSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

import { describe, expect } from 'vitest';

import { preload } from './support/built.js';
import { ExecDeniedError, openMayExec, openMayExecSync, readMayExecSync } from '../src/index.js';
import { nodeBinary } from './preload/versions.js';
import { needs } from './support/kernel.js';
import { sandbox } from './support/sandbox.js';

const box = sandbox();
const { LAB_IMA_OWNER = '' } = process.env;
const signer = fileURLToPath(new URL('../lab/integrity/sign.sh', import.meta.url));

type Kind = 'signed' | 'altered' | 'unsigned';

/** A script that IMA appraises; its mode allows everything. */
function script(kind: Kind, name: string): string {
  const file = box.file(`${name}-${kind}.cjs`, 0o755, `console.log('${kind} ran');\n`);
  chownSync(file, Number(LAB_IMA_OWNER), -1);
  if (kind !== 'unsigned') execFileSync('sh', [signer, 'ima', file]);
  if (kind === 'altered') appendFileSync(file, '// more\n');
  return file;
}

const verdict = {
  allowed: false,
  binding: true,
  mechanism: 'o_mayexec',
  errno: 'EACCES',
  reason: 'security-module',
};

/** The verdict that an act is denied for. */
async function denial(act: () => unknown): Promise<unknown> {
  try {
    await act();
    return undefined;
  } catch (error) {
    if (error instanceof ExecDeniedError) return error.verdict;
    throw error;
  }
}

describe.for(['signed', 'altered', 'unsigned'] as const)('a script that is %s', (kind) => {
  const expected = kind === 'signed' ? undefined : verdict;
  const ways: Readonly<Record<string, (file: string) => unknown>> = {
    openMayExecSync: (file) => openMayExecSync(file).close(),
    openMayExec: async (file) => (await openMayExec(file)).close(),
    readMayExecSync: (file) => readMayExecSync(file, 'utf8'),
  };
  for (const [way, act] of Object.entries(ways)) {
    needs('imaOpenExec')(`by ${way}`, async () => {
      expect(await denial(() => act(script(kind, way)))).toEqual(expected);
    });
  }

  needs('imaOpenExec')('by Node with the preload', () => {
    const file = script(kind, 'preload');
    const { status, stdout, stderr } = spawnSync(nodeBinary(22), ['--require', preload, file], {
      encoding: 'utf8',
    });
    expect({ status, stdout }).toEqual(
      kind === 'signed' ? { status: 0, stdout: 'signed ran\n' } : { status: 126, stdout: '' },
    );
    if (kind !== 'signed') expect(stderr).toContain(`'${file}'`);
  });
});

needs('imaOpenExec')('what is opened as code is measured, and nothing else', () => {
  const [code, data] = [script('signed', 'measured'), script('signed', 'read')];
  readMayExecSync(code, 'utf8');
  readFileSync(data, 'utf8');
  const list = readFileSync('/sys/kernel/security/ima/ascii_runtime_measurements', 'utf8');
  const lines = (file: string): number => list.split(`${file}\n`).length - 1;
  expect([lines(code), lines(data)]).toEqual([1, 0]);
});
