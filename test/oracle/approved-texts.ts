import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

import { askKernel } from './helpers.js';
import { sha256 } from './node-own.js';

/** As Node's CommonJS loader wraps a text when Module.wrap was replaced. */
const wrapped = (text: string): string =>
  `(function (exports, require, module, __filename, __dirname) { ${text}\n});`;
/** What the preload's file has in a comment, and compiles by itself. */
const packedIn = (text: string): string[] =>
  /\bfunction packed\(\)\{\/\*([^]*?)\n\*\/\}/.exec(text)?.slice(1) ?? [];
const withoutMark = (text: string): string => text.replace(/^\ufeff/, '');

const STRIP = `
  const { stripTypeScriptTypes: strip } = require('node:module');
  const all = JSON.parse(require('node:fs').readFileSync(0, 'utf8')).map(([path, text]) => [
    { mode: 'strip' },
    { mode: 'transform' },
    { mode: 'transform', sourceMap: true, sourceUrl: path },
    { mode: 'transform', sourceMap: true, sourceUrl: 'file://' + path },
  ].flatMap((options) => { try { return [strip(text, options)] } catch { return [] } }));
  process.stdout.write(JSON.stringify(all));`;

const isTyped = (path: string): boolean => /\.[cm]?tsx?$/.test(path);

/** By file, the texts that a Node makes of TypeScript. */
function typelessTexts(files: ReadonlyMap<string, string>, node: string): [string, string[]][] {
  const paths = [...files.keys()];
  const input = JSON.stringify(paths.map((path) => [path, withoutMark(files.get(path) ?? '')]));
  const made = execFileSync(node, ['--no-warnings', '-e', STRIP], {
    input,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  return (JSON.parse(made) as string[][]).map((texts, i) => {
    const path = paths[i] ?? '';
    return [
      path,
      texts.flatMap((plain) => [
        plain,
        wrapped(plain),
        ...[path, `file://${path}`].map((name) => `${plain}\n\n//# sourceURL=${name}`),
      ]),
    ];
  });
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
    this.#note(path, [
      text,
      withoutMark(text),
      wrapped(text),
      ...packedIn(text),
      bytes.toString('base64'),
    ]);
    if (isTyped(path)) this.#typed.set(path, text);
  }

  /** The files that a script's text, or WebAssembly's bytes in base64, may be of. */
  withText(hash: string): readonly string[] {
    const paths = this.#files.get(hash);
    if (paths !== undefined || this.#typed.size === 0) return paths ?? [];
    // To strip types costs a start of Node.
    for (const [path, texts] of typelessTexts(this.#typed, this.#node)) this.#note(path, texts);
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
