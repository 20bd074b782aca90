import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { askKernel } from './helpers.js';
import { sha256 } from './node-own.js';

/** As Node's CommonJS loader wraps a text when Module.wrap was replaced. */
const wrapped = (text: string): string =>
  `(function (exports, require, module, __filename, __dirname) { ${text}\n});`;
const withoutMark = (text: string): string => text.replace(/^\ufeff/, '');

const STRIP = `
  const { stripTypeScriptTypes: strip } = require('node:module');
  const text = require('node:fs').readFileSync(0, 'utf8');
  const made = [];
  const [name, url] = process.argv.slice(1);
  for (const options of [
    { mode: 'strip' },
    { mode: 'transform' },
    { mode: 'transform', sourceMap: true, sourceUrl: name },
    { mode: 'transform', sourceMap: true, sourceUrl: url },
  ]) try { made.push(strip(text, options)) } catch {}
  process.stdout.write(JSON.stringify(made));`;

/** By Node and text: the same few files are met again and again. */
const known = new Map<string, string[]>();

function stripped(path: string, text: string, node: string): string[] {
  const key = `${node} ${path} ${sha256(text)}`;
  const before = known.get(key);
  if (before !== undefined) return before;
  const made = execFileSync(node, ['--no-warnings', '-e', STRIP, path, `file://${path}`], {
    input: text,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const texts = JSON.parse(made) as string[];
  known.set(key, texts);
  return texts;
}

const isTyped = (path: string): boolean => /\.[cm]?tsx?$/.test(path);

/** The texts that a Node makes of TypeScript. */
function typelessTexts(path: string, text: string, node: string): string[] {
  return stripped(path, withoutMark(text), node).flatMap((plain) => [
    plain,
    wrapped(plain),
    ...[path, `file://${path}`].map((name) => `${plain}\n\n//# sourceURL=${name}`),
  ]);
}

/** The texts of all files beneath some folders, and what the kernel says of each file. */
export class FileTexts {
  readonly #node: string;
  readonly #files = new Map<string, string[]>();
  readonly #indexed = new Set<string>();
  /** TypeScript whose types have not been stripped yet. */
  readonly #typed = new Map<string, string>();

  constructor(node: string, folders: readonly string[] = []) {
    this.#node = node;
    for (const folder of folders) {
      for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
        if (entry.isFile()) this.add(join(entry.parentPath, entry.name));
      }
    }
  }

  add(path: string): void {
    if (this.#indexed.has(path)) return;
    this.#indexed.add(path);
    let bytes: Buffer;
    try {
      bytes = readFileSync(path);
    } catch {
      return;
    }
    const text = bytes.toString('utf8');
    this.#note(path, [text, withoutMark(text), wrapped(text), bytes.toString('base64')]);
    if (isTyped(path)) this.#typed.set(path, text);
  }

  /** The files that a script's text, or WebAssembly's bytes in base64, may be of. */
  withText(hash: string): readonly string[] {
    const paths = this.#files.get(hash);
    if (paths !== undefined || this.#typed.size === 0) return paths ?? [];
    // To strip types costs a start of Node.
    for (const [path, text] of this.#typed) this.#note(path, typelessTexts(path, text, this.#node));
    this.#typed.clear();
    return this.#files.get(hash) ?? [];
  }

  #note(path: string, texts: readonly string[]): void {
    for (const hash of new Set(texts.map((text) => sha256(text)))) {
      const paths = this.#files.get(hash);
      if (paths === undefined) this.#files.set(hash, [path]);
      else paths.push(path);
    }
  }
}

/** Those that the kernel lets run. A file that is gone has no answer. */
export class Approval {
  readonly #errnos = new Map<string, number>();

  approved(paths: readonly string[]): boolean {
    return paths.some((path) => this.#errno(path) === 0);
  }

  /** To be called with all that will be asked about: one question costs as much as a thousand. */
  askAll(paths: readonly string[]): void {
    for (const [path, errno] of askKernel(paths)) this.#errnos.set(path, errno);
  }

  errno(path: string): number {
    return this.#errno(path);
  }

  #errno(path: string): number {
    if (!this.#errnos.has(path)) this.askAll([path]);
    return this.#errnos.get(path) ?? -1;
  }
}
