import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect } from 'vitest';

import { needs } from './support/kernel.js';
import { index, scale } from './support/program.js';

const program = (name: string): string =>
  fileURLToPath(new URL(`programs/${name}`, import.meta.url));

// All of /usr takes half a minute; what runs the long tests short takes a part of it.
const tree = scale < 1 ? '/usr/share' : '/usr';

// A guest of the lab on a busy machine needs minutes.
const minutes = (count: number): number => count * 60_000;

async function lines(command: string, ...args: string[]): Promise<Set<string>> {
  const { stdout } = await promisify(execFile)(command, args, {
    encoding: 'latin1',
    maxBuffer: 1 << 28,
  });
  return new Set(stdout.split('\n'));
}

async function disagreements(uid: string): Promise<{ files: number; lines: string[] }> {
  const verdicts = await lines(process.execPath, program('verdicts.mjs'), index, uid, tree);
  const oracle = await lines('python3', program('oracle.py'), uid, tree);
  const only = (these: Set<string>, those: Set<string>): string[] =>
    [...these].filter((line) => !those.has(line));
  return { files: verdicts.size, lines: [...only(verdicts, oracle), ...only(oracle, verdicts)] };
}

describe(`of everything in ${tree}, checkExecSync says what file type and access(2) say`, () => {
  for (const [user, uid] of [
    ['root', '0'],
    ['an ordinary user', '65534'],
  ] as const) {
    const agree = async (): Promise<void> => {
      let { files, lines } = await disagreements(uid);
      // A package that is being installed meanwhile; a real disagreement stays.
      if (lines.length > 0) ({ files, lines } = await disagreements(uid));
      console.log(`${tree} as ${user}: ${files} files, ${lines.length} disagreements`);
      expect(lines).toEqual([]);
      expect(files).toBeGreaterThan(scale < 1 ? 1000 : 10_000);
    };
    needs('execveCheck', 'openat2')(`as ${user}`, agree, minutes(10));
  }
});
