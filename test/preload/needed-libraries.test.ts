/** The libraries that a shared object needs are checked before it is mapped, where the loader finds them. */
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect } from 'vitest';

import { preload } from '../support/built.js';
import { needs } from '../support/kernel.js';
import { sandbox } from '../support/sandbox.js';
import { PolicyHost, type Outcome } from './policy-host.js';
import { EDGES, nodeBinary, type Major } from './versions.js';

const box = sandbox();
const says = fileURLToPath(new URL('shared-objects/says.c', import.meta.url));
const restricted = new PolicyHost({ restrictFile: true });
const open = new PolicyHost({});
afterAll(() => {
  restricted.close();
  open.close();
});

/** A shared object that says NAME when it is mapped. */
function build(path: string, name: string, ...options: string[]): string {
  const file = box.file(path, 0o755, '');
  execFileSync('cc', ['-shared', '-fPIC', `-DNAME="${name}"`, '-o', file, says, ...options]);
  chmodSync(file, 0o755);
  return file;
}

const library = (path: string, name: string, soname: string, ...options: string[]): string =>
  build(path, name, `-Wl,-soname,${soname}`, ...options);
const needing = (path: string, ...options: string[]): string =>
  build(path, 'ADDON', '-Wl,--no-as-needed', ...options);

const dependency = library('lib/libdep.so.1', 'DEP', 'libdep.so.1');
const deeper = library('lib/libdeep.so.1', 'DEEP', 'libdeep.so.1');
const between = library(
  'lib/libbetween.so.1',
  'BETWEEN',
  'libbetween.so.1',
  '-Wl,--no-as-needed',
  deeper,
  '-Wl,-rpath,$ORIGIN',
);
const elsewhere = library('other/libdep.so.1', 'OTHER', 'libdep.so.1');
const RUNPATH = '-Wl,--enable-new-dtags';
const RPATH = '-Wl,--disable-new-dtags';

interface Case {
  readonly name: string;
  readonly addon: string;
  /** What has no x bit. */
  readonly plain: string;
  /** Whether the addon is refused for it. */
  readonly refused: boolean;
  readonly libraryPath?: string;
}

const cases: readonly Case[] = [
  {
    name: 'by RUNPATH',
    addon: needing('runpath.node', dependency, RUNPATH, `-Wl,-rpath,${box.path('lib')}`),
    plain: dependency,
    refused: true,
  },
  {
    name: 'by RPATH',
    addon: needing('rpath.node', dependency, RPATH, `-Wl,-rpath,${box.path('lib')}`),
    plain: dependency,
    refused: true,
  },
  {
    name: 'by $ORIGIN',
    addon: needing('origin.node', dependency, RUNPATH, '-Wl,-rpath,$ORIGIN/lib'),
    plain: dependency,
    refused: true,
  },
  {
    name: 'by ${ORIGIN}',
    addon: needing('braces.node', dependency, RPATH, '-Wl,-rpath,${ORIGIN}/lib'),
    plain: dependency,
    refused: true,
  },
  {
    name: 'by LD_LIBRARY_PATH',
    addon: needing('variable.node', dependency),
    plain: dependency,
    refused: true,
    libraryPath: box.path('lib'),
  },
  {
    name: 'by a needed library',
    addon: needing('deep.node', between, RUNPATH, '-Wl,-rpath,$ORIGIN/lib'),
    plain: deeper,
    refused: true,
  },
  {
    name: 'by the second directory of RUNPATH',
    addon: needing(
      'second.node',
      dependency,
      RUNPATH,
      `-Wl,-rpath,${box.path('absent')}:${box.path('lib')}`,
    ),
    plain: dependency,
    refused: true,
  },
  {
    name: 'behind one that is found first',
    addon: needing(
      'first.node',
      dependency,
      RUNPATH,
      `-Wl,-rpath,${box.path('lib')}:${box.path('other')}`,
    ),
    plain: elsewhere,
    refused: false,
  },
  {
    name: 'by LD_LIBRARY_PATH, before RUNPATH',
    addon: needing('before.node', dependency, RUNPATH, `-Wl,-rpath,${box.path('lib')}`),
    plain: elsewhere,
    refused: true,
    libraryPath: box.path('other'),
  },
  {
    name: 'by LD_LIBRARY_PATH, behind RPATH',
    addon: needing('behind.node', dependency, RPATH, `-Wl,-rpath,${box.path('lib')}`),
    plain: elsewhere,
    refused: false,
    libraryPath: box.path('other'),
  },
];

/** Changes bytes of the header of a file that the loader then passes over. */
function forAnother(path: string, at: number, byte: number): string {
  const file = library(path, 'ANOTHER', 'libdep.so.1');
  const bytes = readFileSync(file);
  bytes[at] = byte;
  writeFileSync(file, bytes);
  return file;
}
const EI_CLASS = 4;
const E_MACHINE = 18;
forAnother('class32/libdep.so.1', EI_CLASS, 1);
forAnother('aarch64/libdep.so.1', E_MACHINE, 183);
/** Looks for its library in one folder, then in another. */
const behind = (first: string): string =>
  needing(
    `behind-${first}.node`,
    dependency,
    RUNPATH,
    `-Wl,-rpath,${box.path(first)}:${box.path('lib')}`,
  );

/** One of its variants has the soname of another library. No loader takes it here. */
const varied = library('varied/libvaried.so.1', 'VARIED', 'libvaried.so.1');
const VARIANT = 'tls/haswell/avx512_1/x86_64';
library(`varied/${VARIANT}/libvaried.so.1`, 'VARIANT', 'libdep.so.1');
library(`variant/${VARIANT}/libdep.so.1`, 'VARIANT', 'libdep.so.1');
/** Needs the library by the way of another one, which has an RPATH of its own. */
const through = library(
  'through/libthrough.so.1',
  'THROUGH',
  'libthrough.so.1',
  '-Wl,--no-as-needed',
  dependency,
  RPATH,
  `-Wl,-rpath,${box.path('variant')}`,
);

/** An addon that the loader never takes whole: it has a DT_RUNPATH that is empty. */
function emptyRunpath(): string {
  const file = needing(
    'empty-runpath.node',
    dependency,
    RPATH,
    `-Wl,-rpath,${box.path('other')},-soname,x`,
  );
  const bytes = readFileSync(file);
  const dynamic = bytes.readUInt32LE(headerOf(bytes, 2) + 8);
  const soname = 14n;
  let at = dynamic;
  while (bytes.readBigUInt64LE(at) !== soname) at += 16;
  bytes.writeBigUInt64LE(29n, at);
  bytes.writeBigUInt64LE(0n, at + 8);
  writeFileSync(file, bytes);
  return file;
}
/** Where the first program header of a type is. */
function headerOf(bytes: Buffer, type: number): number {
  let at = 64;
  while (bytes.readUInt32LE(at) !== type) at += 56;
  return at;
}

interface Hidden {
  readonly name: string;
  readonly addon: string;
  readonly libraryPath?: string;
}
const hidden: readonly Hidden[] = [
  { name: 'behind one of 32 bits', addon: behind('class32') },
  { name: 'behind one for another processor', addon: behind('aarch64') },
  {
    name: 'by the soname of a variant',
    addon: needing(
      'varied.node',
      varied,
      dependency,
      RPATH,
      `-Wl,-rpath,${box.path('varied')}:${box.path('lib')}`,
    ),
  },
  {
    name: 'behind a folder that has a variant alone',
    addon: needing(
      'through.node',
      through,
      RPATH,
      `-Wl,-rpath,${box.path('through')}:${box.path('lib')}`,
    ),
  },
  {
    name: 'behind an RPATH that an empty RUNPATH turns off',
    addon: emptyRunpath(),
    libraryPath: box.path('lib'),
  },
];

/** What the loader finds differs from what was found while verdicts were published. */
const swaps: Readonly<Record<string, readonly string[]>> = {
  library: [RPATH, '-Wl,-rpath,DIR/lib'],
  front: [RPATH, '-Wl,-rpath,DIR/front:DIR/lib'],
  addon: [RUNPATH, '-Wl,-rpath,$ORIGIN/lib'],
  directory: [RPATH, '-Wl,-rpath,lib'],
  index: [RPATH, '-Wl,-rpath,DIR/evil'],
  missing: [RPATH, '-Wl,-rpath,DIR/late:DIR/second'],
};
const swapping = fileURLToPath(new URL('shared-objects/swap-a-library.cjs', import.meta.url));

function buildSwap(how: string, major: Major): string {
  const folder = `swap-${how}-${major}`;
  const good = library(`${folder}/lib/libdep.so.1`, 'GOOD', 'libdep.so.1');
  for (const place of ['evil', 'elsewhere/lib', 'second']) {
    chmodSync(library(`${folder}/${place}/libdep.so.1`, 'EVIL', 'libdep.so.1'), 0o644);
  }
  const words = (swaps[how] ?? []).map((word) => word.replaceAll('DIR', box.path(folder)));
  needing(`${folder}/a.node`, good, ...words);
  needing(`${folder}/first.node`, deeper, ...words);
  library(`${folder}/second/libdeep.so.1`, 'DEEP', 'libdeep.so.1');
  box.file(`${folder}/front/.keep`, 0o644, '');
  return box.path(folder);
}

function load(
  host: PolicyHost,
  major: Major,
  addon: string,
  env: Record<string, string> = {},
): Promise<Outcome> {
  const program = box.file('main.cjs', 0o755, 'process.dlopen({ exports: {} }, process.argv[2])');
  return host.run({ file: nodeBinary(major), args: ['--require', preload, program, addon], env });
}

describe.for(EDGES)(
  'on Node %i a library without x is not mapped after something has changed',
  (major) => {
    for (const how of Object.keys(swaps)) {
      needs('execveCheck')(how, async () => {
        const folder = buildSwap(how, major);
        const { stdout, stderr } = await restricted.run({
          file: nodeBinary(major),
          args: ['--require', preload, swapping, folder, how],
          cwd: folder,
        });
        expect(stdout, stderr).not.toContain('EVIL');
      });
    }
  },
);

describe.for(EDGES)('on Node %i a library without x is refused', (major) => {
  for (const { name, addon, libraryPath } of hidden) {
    const env = libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath };
    needs('execveCheck')(name, async () => {
      chmodSync(dependency, 0o644);
      try {
        const { stdout, stderr } = await load(restricted, major, addon, env);
        expect(stdout, stderr).toBe('');
        expect((await load(open, major, addon, env)).stdout).toContain('DEP');
      } finally {
        chmodSync(dependency, 0o755);
      }
    });
  }
});

describe.for(EDGES)('on Node %i a library without x', (major) => {
  for (const { name, addon, plain, refused, libraryPath } of cases) {
    const env = libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath };
    needs('execveCheck')(`${name} is ${refused ? 'refused' : 'not asked about'}`, async () => {
      chmodSync(plain, 0o644);
      try {
        const { stdout, stderr } = await load(restricted, major, addon, env);
        expect(stdout.includes('ADDON'), stderr).toBe(!refused);
        if (refused) {
          expect(stdout).toBe('');
          expect(stderr).toContain(`execveat '${plain}'`);
          expect(stderr).toContain(addon);
        }
        expect((await load(open, major, addon, env)).stdout).toContain('ADDON');
      } finally {
        chmodSync(plain, 0o755);
      }
      expect((await load(restricted, major, addon, env)).stdout).toContain('ADDON');
    });
  }
});

describe.for(EDGES)('on Node %i an audit has', (major) => {
  const auditOf = async (addon: string, env: Record<string, string>): Promise<string[]> => {
    const log = box.file(`audit-${major}.jsonl`, 0o600, '');
    const { stdout } = await load(open, major, addon, { ...env, MAYEXEC_AUDIT_LOG: log });
    expect(stdout).toContain('ADDON');
    return readFileSync(log, 'utf8')
      .split('\n')
      .filter((line) => line.includes('"wouldDeny":true'));
  };

  for (const { name, addon, plain, refused, libraryPath } of cases) {
    const env = libraryPath === undefined ? {} : { LD_LIBRARY_PATH: libraryPath };
    needs('execveCheck')(`${refused ? 'a' : 'no'} refusal of a library ${name}`, async () => {
      chmodSync(plain, 0o644);
      try {
        const found = await auditOf(addon, env);
        expect(found).toHaveLength(refused ? 1 : 0);
        expect(found.join()).toContain(refused ? `"path":"${plain}"` : '');
      } finally {
        chmodSync(plain, 0o755);
      }
      expect(await auditOf(addon, env)).toEqual([]);
    });
  }

  needs('execveCheck')('why the libraries of an addon cannot be found out', async () => {
    const addon = needing(
      'platform.node',
      dependency,
      RPATH,
      `-Wl,-rpath,${box.path('lib')}/$LIB:${box.path('lib')}`,
    );
    const found = await auditOf(addon, { LD_LIBRARY_PATH: box.path('lib') });
    expect(found.join()).toContain(`"path":"${addon}"`);
    expect(found.join()).toContain('$LIB');
  });
});

const good = readFileSync(needing('whole.node', dependency, RUNPATH, '-Wl,-rpath,$ORIGIN/lib'));
const GNU_STACK = 0x6474e551;
const damage: readonly (readonly [string, (bytes: Buffer) => Buffer])[] = [
  ['ends within its header', (b) => b.subarray(0, 40)],
  ['ends within its program headers', (b) => b.subarray(0, 100)],
  ['ends within its segments', (b) => b.subarray(0, 600)],
  ['has program headers beyond its end', (b) => (b.writeBigUInt64LE(1n << 52n, 32), b)],
  [
    'has program headers at an offset of 64 bits',
    (b) => (b.writeBigUInt64LE((1n << 64n) - 1n, 32), b),
  ],
  ['has 65,535 program headers', (b) => (b.writeUInt16LE(0xffff, 56), b)],
  ['has program headers of another size', (b) => (b.writeUInt16LE(1, 54), b)],
  ['has numbers of all ones behind its header', (b) => b.fill(0xff, 64, 700)],
  ['is no ELF file', () => Buffer.from('no ELF file')],
  ['is empty', () => Buffer.alloc(0)],
];
/** The loader could read other names than the check. */
const ambiguous: typeof damage = [
  ['has two dynamic sections', (b) => (b.writeUInt32LE(2, headerOf(b, GNU_STACK)), b)],
  [
    'has two segments at one address',
    (b) => (
      b.writeUInt32LE(1, headerOf(b, GNU_STACK)),
      b.writeBigUInt64LE(4096n, headerOf(b, 1) + 40),
      b
    ),
  ],
  ['has a segment askew', (b) => (b.writeBigUInt64LE(8n, headerOf(b, 1) + 8), b)],
  [
    'has a dynamic section without an end',
    (b) => (b.writeBigUInt64LE(32n, headerOf(b, 2) + 32), b),
  ],
];
describe('on Node 24 a shared object is refused by the check itself that', () => {
  for (const [name, change] of ambiguous) {
    needs('execveCheck')(name, async () => {
      const addon = box.file('ambiguous.node', 0o755, change(Buffer.from(good)));
      const { stdout, stderr } = await load(restricted, 24, addon);
      expect(stdout).toBe('');
      expect(stderr).toContain('the libraries that it needs cannot be found out');
    });
  }
});

describe('on Node 24 a shared object is refused without a crash that', () => {
  for (const [name, change] of damage) {
    needs('execveCheck')(name, async () => {
      const addon = box.file('damaged.node', 0o755, '');
      writeFileSync(addon, change(Buffer.from(good)));
      const { status, signal, stdout, stderr } = await load(restricted, 24, addon);
      expect({ signal, stdout }).toEqual({ signal: null, stdout: '' });
      expect(status, stderr).not.toBe(0);
      expect(stderr).toMatch(/mayexec: EACCES|ERR_DLOPEN_FAILED/);
    });
  }
  needs('execveCheck')('needs what is nowhere', async () => {
    const lost = library('gone/liblost.so.1', 'LOST', 'liblost.so.1');
    const addon = needing('lost.node', lost);
    const { stdout, stderr } = await load(restricted, 24, addon);
    expect(stdout).toBe('');
    expect(stderr).toContain("the library 'liblost.so.1', which it needs");
  });
});
