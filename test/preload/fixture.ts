import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { data, dropped, type WayIn } from './ways-in.js';

/** A shared object that says RAN as soon as it is mapped, whatever it is loaded for. */
const LIBRARY = `#include <unistd.h>
__attribute__((constructor)) static void ran(void) { (void)!write(1, "RAN\\n", 4); }
`;

/** A module that calls ran() of ./ran.mjs when it starts. */
const WASM = Buffer.from(
  '0061736d01000000' +
    '010401600000' +
    '0211' +
    '01' +
    '092e2f72616e2e6d6a73' +
    '0372616e' +
    '0000' +
    '080100',
  'hex',
);

/** Folders that hold the program of a way in, what was dropped beside it, and links to that. */
export class Fixture {
  readonly root = mkdtempSync(join(tmpdir(), 'mayexec-ways-'));

  constructor() {
    writeFileSync(join(this.root, 'ran.c'), LIBRARY);
    execFileSync('cc', [
      '-shared',
      '-fPIC',
      '-o',
      join(this.root, 'ran.so'),
      join(this.root, 'ran.c'),
    ]);
  }

  /** The folder of one way in, in which the dropped files have the given mode. */
  folder(name: string, way: WayIn, mode: number): string {
    const folder = mkdtempSync(join(this.root, `${name.replaceAll(/[^\w]+/g, '-')}-`));
    const put = (file: string, content: string | Buffer, bits: number): void => {
      const path = join(folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, content);
      chmodSync(path, bits);
    };
    for (const [file, text] of Object.entries(dropped)) put(file, text, mode);
    for (const [file, text] of Object.entries(data)) put(file, text, 0o644);
    put('dropped.wasm', WASM, mode);
    for (const file of ['dropped.so', 'dropped.node']) {
      copyFileSync(join(this.root, 'ran.so'), join(folder, file));
      chmodSync(join(folder, file), mode);
    }
    for (const [file, text] of Object.entries(way.files ?? {})) put(file, text, 0o755);
    symlinkSync('.', join(folder, 'linked'));
    symlinkSync('dropped.cjs', join(folder, 'link.cjs'));
    return folder;
  }
}
