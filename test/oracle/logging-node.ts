import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { sha256 } from './node-own.js';
import type { ScriptRecord } from './records.js';

/** What V8 writes of each script, when it is told to: its text too, but for eval's. */
const OPTIONS = ['--log-function-events', '--log-source-code'];
const FLAGS = '_ZN2v88internal8v8_flagsE';
const NAME = 'v8.log';
/** A long text that is never needed. */
const HELP = "Specify the name of the log file, use '-' for console, '+' for a temporary file.";

const DUMP = `
  const fs = require('fs');
  const [address, size] = process.argv.slice(1).map(Number);
  const bytes = Buffer.alloc(size);
  fs.readSync(fs.openSync('/proc/self/mem'), bytes, 0, size, address);
  process.stdout.write(bytes);`;

interface Segment {
  readonly at: number;
  readonly address: number;
  readonly size: number;
}

/** Where the parts of a program that is not moved are loaded. */
function segments(elf: Buffer): Segment[] {
  const start = Number(elf.readBigUInt64LE(32));
  const size = elf.readUInt16LE(54);
  return Array.from({ length: elf.readUInt16LE(56) }, (_, i) => start + i * size)
    .filter((at) => elf.readUInt32LE(at) === 1)
    .map((at) => ({
      at: Number(elf.readBigUInt64LE(at + 8)),
      address: Number(elf.readBigUInt64LE(at + 16)),
      size: Number(elf.readBigUInt64LE(at + 32)),
    }));
}

/**
 * A Node that logs the scripts of every isolate from the first one on. The options are part of the
 * binary, so its arguments and its environment do not show them. A process that it starts by its
 * own path logs, too. So the log also has the processes and Workers without a preload.
 */
export class LoggingNode {
  readonly path: string;
  readonly #logs: string;

  constructor(node: string, folder: string) {
    this.path = join(folder, 'bin/node');
    this.#logs = join(folder, 'v8');
    mkdirSync(join(folder, 'bin'));
    mkdirSync(this.#logs);
    chmodSync(this.#logs, 0o1777);
    writeFileSync(this.path, this.#patched(node), { mode: 0o755 });
  }

  #patched(node: string): Buffer {
    const line = execFileSync('nm', ['-S', node], { encoding: 'utf8', maxBuffer: 1 << 28 })
      .split('\n')
      .find((symbol) => symbol.endsWith(` ${FLAGS}`));
    if (line === undefined) throw new Error(`${node} has no symbols`);
    const [address = 0, size = 0] = line.split(' ').map((word) => Number.parseInt(word, 16));
    const elf = readFileSync(node);
    const parts = segments(elf);
    const offsetOf = (where: number): number => {
      const part = parts.find((one) => where >= one.address && where < one.address + one.size);
      if (part === undefined) throw new Error(`nothing of ${node} is at ${where}`);
      return where - part.address + part.at;
    };
    const addressOf = (offset: number): number => {
      const part = parts.find((one) => offset >= one.at && offset < one.at + one.size);
      if (part === undefined) throw new Error(`${node} does not load ${offset}`);
      return offset - part.at + part.address;
    };
    const dump = (options: readonly string[]): Buffer =>
      execFileSync(node, [...options, '-e', DUMP, String(address), String(size)], {
        cwd: this.#logs,
        env: {},
      });
    const [off, on] = [dump([]), dump(OPTIONS)];
    this.#discard();
    const flags = offsetOf(address);
    for (let i = 0; i < size; i++) {
      if (off[i] !== on[i] && off[i] === 0 && on[i] === 1) elf[flags + i] = 1;
    }
    // The name of the log: a pointer to another text, in the place of one of Node's.
    const help = elf.indexOf(`${HELP}\0`, 'latin1');
    const name = `${join(this.#logs, NAME)}\0`;
    if (help < 0 || name.length > HELP.length) throw new Error(`${this.#logs} is too long`);
    elf.write(name, help, 'latin1');
    for (let i = 0; i + 8 <= size; i += 8) {
      const pointer = Number(off.readBigUInt64LE(i));
      const part = parts.find((one) => pointer >= one.address && pointer < one.address + one.size);
      if (part === undefined) continue;
      const text = elf.toString('latin1', offsetOf(pointer), offsetOf(pointer) + NAME.length + 1);
      if (text !== `${NAME}\0`) continue;
      elf.writeBigUInt64LE(BigInt(addressOf(help)), flags + i);
      return elf;
    }
    throw new Error(`${node} keeps the name of its log elsewhere`);
  }

  #discard(): void {
    for (const name of readdirSync(this.#logs)) rmSync(join(this.#logs, name));
  }

  /** The scripts of every isolate since the last time. */
  take(): ScriptRecord[] {
    const records: ScriptRecord[] = [];
    for (const name of readdirSync(this.#logs)) {
      const lines = readFileSync(join(this.#logs, name), 'utf8').split('\n');
      records.push(...scriptsOf(name, lines));
    }
    this.#discard();
    return records;
  }
}

const unescaped = (field: string): string =>
  field.replace(
    /\\(?:x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|(.))/g,
    (_, x?: string, u?: string, c?: string) =>
      x !== undefined || u !== undefined
        ? String.fromCharCode(Number.parseInt((x ?? u) as string, 16))
        : c === 'n'
          ? '\n'
          : (c ?? ''),
  );

function scriptsOf(isolate: string, lines: readonly string[]): ScriptRecord[] {
  return lines
    .filter((line) => line.startsWith('script-source,'))
    .map((line) => {
      const [, , url = '', text = ''] = line.split(',').map(unescaped);
      return { isolate, url, text, hash: sha256(text), length: text.length };
    });
}
