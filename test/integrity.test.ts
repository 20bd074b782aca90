import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chownSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect } from 'vitest';

import { ExecDeniedError, openMayExecSync, probe, readMayExecSync } from '../src/index.js';
import { needs } from './support/kernel.js';
import { runChild, sandbox } from './support/sandbox.js';

// Security modules that judge by content, on a kernel that has them. The keys,
// the policies and the file system with fs-verity are lab/integrity's.
const box = sandbox();
const { LAB_VERITY = '', LAB_IMA_OWNER = '' } = process.env;
const SCRIPTS = 20;

const sign = (kind: 'ima' | 'verity', ...files: string[]): void => {
  const script = fileURLToPath(new URL('../lab/integrity/sign.sh', import.meta.url));
  execFileSync('sh', [script, kind, ...files]);
};

/** Of these files, how many open as code, and how many a security module refuses. */
function count(files: readonly string[]): { opened: number; refused: number } {
  const counts = { opened: 0, refused: 0 };
  for (const file of files) {
    try {
      openMayExecSync(file, { enforce: true }).closeSync();
      counts.opened++;
    } catch (error) {
      expect(error).toBeInstanceOf(ExecDeniedError);
      expect(error).toMatchObject({
        verdict: { allowed: false, binding: true, reason: 'security-module' },
      });
      counts.refused++;
    }
  }
  return counts;
}

describe('IMA appraisal', () => {
  const scripts = (name: string): string[] =>
    Array.from({ length: SCRIPTS }, (_, i) => {
      const file = box.file(`${name}-${i}`, 0o755, `# ${name} ${i}\n`);
      if (LAB_IMA_OWNER !== '') chownSync(file, Number(LAB_IMA_OWNER), -1);
      return file;
    });

  needs('ima')(`opens ${SCRIPTS} signed scripts, and refuses them once they are altered`, () => {
    const files = scripts('signed');
    sign('ima', ...files);
    expect(count(files)).toEqual({ opened: SCRIPTS, refused: 0 });
    for (const file of files) appendFileSync(file, '+');
    expect(count(files)).toEqual({ opened: 0, refused: SCRIPTS });
  });
  needs('ima')(`refuses ${SCRIPTS} scripts that nobody signed`, () => {
    expect(count(scripts('unsigned'))).toEqual({ opened: 0, refused: SCRIPTS });
  });
  needs('ima')(
    'hands an altered script over where the policy does not bind, with the reason',
    () => {
      const [file = ''] = scripts('audited');
      const opened = openMayExecSync(file);
      expect(opened.verdict).toMatchObject({ allowed: false, reason: 'security-module' });
      opened.closeSync();
    },
  );
  needs('ima')('measures every check', () => {
    const [file = ''] = scripts('measured');
    sign('ima', file);
    readMayExecSync(file, { enforce: true });
    const list = readFileSync('/sys/kernel/security/ima/ascii_runtime_measurements', 'utf8');
    expect(list.split('\n').filter((line) => line.endsWith(` ${file}`))).toHaveLength(1);
  });
});

describe('IPE', () => {
  const dir = LAB_VERITY === '' ? '' : mkdtempSync(join(LAB_VERITY, 'test-'));
  afterAll(() => {
    if (dir !== '') rmSync(dir, { recursive: true });
  });
  const scripts = (name: string): string[] =>
    Array.from({ length: SCRIPTS }, (_, i) => {
      const file = join(dir, `${name}-${i}`);
      writeFileSync(file, `# ${name} ${i}\n`, { mode: 0o755 });
      return file;
    });

  needs('ipe')(
    `opens ${SCRIPTS} scripts that fs-verity protects, and refuses ${SCRIPTS} that it does not`,
    () => {
      const [protectedFiles, plain] = [scripts('protected'), scripts('plain')];
      sign('verity', ...protectedFiles);
      // While the policy is active no program starts and no page turns executable:
      // V8 must not compile, and the addon and its thread must be there before.
      const seen = runChild(
        `const count = (files) => {
           const counts = { opened: 0, refused: 0 };
           for (const file of files) {
             try {
               mayexec.openMayExecSync(file, { enforce: true }).closeSync();
               counts.opened++;
             } catch (error) {
               if (error.verdict?.reason !== 'security-module') throw error;
               counts.refused++;
             }
           }
           return counts;
         };
         const activate = (policy) =>
           fs.writeFileSync('/sys/kernel/security/ipe/policies/' + policy + '/active', '1');
         const before = count(input.plain);
         activate('verity');
         try {
           return [before, count(input.protectedFiles), count(input.plain)];
         } finally {
           activate('open');
         }`,
        { input: { protectedFiles, plain }, nodeArgs: ['--jitless'] },
      );
      expect(seen).toEqual([
        { opened: SCRIPTS, refused: 0 },
        { opened: SCRIPTS, refused: 0 },
        { opened: 0, refused: SCRIPTS },
      ]);
    },
  );
  needs('ipe')('a protected script cannot be altered at all', () => {
    const [file = ''] = scripts('sealed');
    sign('verity', file);
    expect(() => {
      appendFileSync(file, '+');
    }).toThrow(expect.objectContaining({ code: 'EPERM' }) as Error);
  });
});

needs(
  'ima',
  'ipe',
  'landlock',
)('probe names the security modules', () => {
  expect(probe().securityModules).toEqual(expect.arrayContaining(['ima', 'ipe', 'landlock']));
});
