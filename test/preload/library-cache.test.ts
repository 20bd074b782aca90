/** Of ld.so.cache, what the dynamic loader would take is asked about, and nothing else. */
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from 'vitest';

import { preload } from '../support/built.js';
import { runChild, sandbox } from '../support/sandbox.js';
import { MAJORS, nodeBinary } from './versions.js';

const box = sandbox();
const says = fileURLToPath(new URL('shared-objects/says.c', import.meta.url));
const NAME = 'libmayexeccached.so.1';
const folders = ['first', 'second'] as const;
const libraryIn = (folder: string): string => box.path(`${folder}/${NAME}`);
const addon = box.path('addon.node');
const main = box.file(
  'main.cjs',
  0o755,
  `try { process.dlopen({ exports: {} }, ${JSON.stringify(addon)}); }
   catch ({ code, message }) { console.log(code, message.includes('${NAME}')); }`,
);

/** The flags of a 32-bit library: FLAG_ELF_LIBC6 alone. */
const OTHER_ARCHITECTURE = 3;

/** The cache of both folders; the entry of the first has other flags where they are given. */
function cache(name: string, flags?: number): string {
  const file = box.path(name);
  const config = box.file('ld.so.conf', 0o644, folders.map((one) => box.path(one)).join('\n'));
  execFileSync('/sbin/ldconfig', ['-C', file, '-f', config]);
  const bytes = readFileSync(file);
  expect(bytes.toString('latin1', 0, 20)).toBe('glibc-ld.so.cache1.1');
  const path = bytes.indexOf(`${libraryIn('first')}\0`);
  for (let at = 48, left = bytes.readUInt32LE(20); left > 0; at += 24, left--) {
    if (flags !== undefined && bytes.readUInt32LE(at + 8) === path) bytes.writeInt32LE(flags, at);
  }
  writeFileSync(file, bytes);
  return file;
}

function loaded(major: (typeof MAJORS)[number], from: string): string {
  return runChild<{ stdout: string }>(
    `mayexec.setSecurebits({ restrictFile: true });
     const { spawnSync } = await import('node:child_process');
     const { stdout } = spawnSync(input.node, [input.main], {
       encoding: 'utf8',
       env: { ...process.env, NODE_OPTIONS: input.options },
     });
     return { stdout };`,
    {
      mounts: `mount --bind ${from} /etc/ld.so.cache`,
      input: { node: nodeBinary(major), main, options: `--require ${preload}` },
    },
  ).stdout;
}

beforeAll(() => {
  for (const [at, folder] of folders.entries()) {
    mkdirSync(box.path(folder));
    const soname = `-Wl,-soname,${NAME}`;
    const out = ['-o', libraryIn(folder), says];
    execFileSync('cc', ['-shared', '-fPIC', `-DNAME="${folder}"`, soname, ...out]);
    chmodSync(libraryIn(folder), at === 0 ? 0o644 : 0o755);
  }
  const needed = ['-Wl,--no-as-needed', libraryIn('second')];
  execFileSync('cc', ['-shared', '-fPIC', '-DNAME="addon"', '-o', addon, says, ...needed]);
  chmodSync(addon, 0o755);
});

describe.for(MAJORS)('on Node %i a library without x', (major) => {
  test('is refused where the cache has it for this architecture', () => {
    expect(loaded(major, cache('here'))).toBe('EACCES true\n');
  });

  test('is not asked about where the cache has it for another', () => {
    const stdout = loaded(major, cache('elsewhere', OTHER_ARCHITECTURE));
    expect(stdout).not.toContain('EACCES');
    expect(stdout).toContain('second');
    expect(stdout).not.toContain('first');
  });
});
