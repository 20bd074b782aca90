import { fstatSync, writeSync } from 'node:fs';
import { inspect } from 'node:util';

import { quote } from '../quote.js';

export { printable } from '../quote.js';

const RETRY_MS = 5;
const PTS_MAJOR = 136;
const PTS_MAJORS = 8;

/**
 * Whether the fd is a terminal, by its device number. process.stdout and process.stderr would know
 * it too, but loading them takes longer than many commands. The numbers are from the kernel's
 * Documentation/admin-guide/devices.txt.
 */
export function isTerminal(fd: 1 | 2): boolean {
  const stat = fstatSync(fd);
  if (!stat.isCharacterDevice()) return false;
  const major = (stat.rdev >> 8) & 0xfff;
  if (major >= PTS_MAJOR && major < PTS_MAJOR + PTS_MAJORS) return true;
  return fd === 1 ? process.stdout.isTTY : process.stderr.isTTY;
}

/** Text in a style, if standard output is a terminal with styles. https://no-color.org. */
export function styled(style: 'bold' | 'red' | 'green' | 'yellow', text: string): string {
  const { NO_COLOR, TERM = 'dumb' } = process.env;
  const plain = (NO_COLOR !== undefined && NO_COLOR !== '') || TERM === 'dumb';
  if (plain || !isTerminal(1)) return text;
  const [start, end] = inspect.colors[style] ?? [0, 0];
  return `\u001b[${start}m${text}\u001b[${end}m`;
}

/** The end of a long text, because it says more than the beginning. */
export function fitting(text: string, width: number): string {
  return text.length <= width ? text : `…${text.slice(text.length - width + 1)}`;
}

/** Quotes a word for a shell, if it has to be quoted. zsh takes "=ls" for the path of ls. */
export function quoted(word: string): string {
  return /^(?!=)[\w@%+=:,./-]+$/.test(word) ? word : quote(word);
}

/** Quotes the path of a file as a word of a command, which must not take it for an option. */
export function quotedPath(path: string): string {
  return quoted(path.startsWith('-') ? `./${path}` : path);
}

/** Writes everything before it returns, unlike process.stdout. */
function write(fd: 1 | 2, text: string): void {
  let bytes: Uint8Array = Buffer.from(text);
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(writeSync(fd, bytes));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // The reader has closed the pipe, as in `mayexec scan . | head`.
      if (code === 'EPIPE') return;
      // Another process made the shared pipe non-blocking.
      if (code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, RETRY_MS);
    }
  }
}

/** Everything that the command prints goes through here. */
export const output = { write };

export function print(line = ''): void {
  output.write(1, `${line}\n`);
}

export function warn(line: string): void {
  output.write(2, `mayexec: ${line}\n`);
}

export function printJson(value: unknown): void {
  print(JSON.stringify(value, null, 2));
}

/** "1,203". Loading Intl would take longer than many scans. */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(?:\d{3})+$)/g, ',');
}

/** "1,203 files", "1 file". */
export function amount(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? '' : 's'}`;
}
