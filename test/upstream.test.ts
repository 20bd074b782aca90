/** The programs of docs/upstream.md show on this kernel what the page says. */
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect } from 'vitest';

import { needs } from './support/kernel.js';
import { sandbox } from './support/sandbox.js';

const box = sandbox();
const file = box.file('file', 0o755, '');

/** Builds a program of examples/upstream as the page says. */
function built(name: string): string {
  const source = fileURLToPath(new URL(`../examples/upstream/${name}.c`, import.meta.url));
  const program = box.path(name);
  execFileSync('cc', ['-O2', '-pthread', '-o', program, source]);
  return program;
}

/** The first number that the program prints. */
const counted = (program: string, ...args: string[]): number =>
  Number.parseInt(execFileSync(program, [file, ...args], { encoding: 'utf8' }), 10);

needs('execveCheck')('Node asks nothing under both securebits', () => {
  const program = fileURLToPath(new URL('../examples/upstream/node.mjs', import.meta.url));
  expect(execFileSync(process.execPath, [program], { encoding: 'utf8' })).toBe(
    'a file without x: ran\nthe text of -e: ran\nstandard input: ran\n',
  );
});

describe('while a check runs', () => {
  needs('execveCheck')('no thread can start in the process', () => {
    expect(counted(built('threads'))).toBeGreaterThan(0);
  });

  needs('execveCheck', 'unshare')(
    'threads start beside a thread with an fs struct of its own',
    () => {
      expect(counted(built('threads'), 'unshare')).toBe(0);
    },
  );

  needs('execveCheck')('nobody can open the file for writing', () => {
    expect(counted(built('writers'))).toBeGreaterThan(0);
  });
});
