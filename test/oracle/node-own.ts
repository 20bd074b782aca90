import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export const sha256 = (text: string | Buffer): string =>
  createHash('sha256').update(text).digest('hex');

/** What a Node compiles of its own, as that Node tells it when nothing is in its way. */
export class NodeOwn {
  readonly #texts: readonly string[];
  readonly #hashes: ReadonlySet<string>;
  readonly #wasm = new Map<string, boolean>();

  readonly #node: string;
  #binary: Buffer | undefined;

  constructor(node: string) {
    this.#node = node;
    const program = `process.stdout.write(JSON.stringify(Object.values(process.binding('natives'))))`;
    const text = execFileSync(node, ['--no-warnings', '-e', program], {
      encoding: 'utf8',
      maxBuffer: 1 << 28,
      env: {},
    });
    this.#texts = (JSON.parse(text) as unknown[]).filter((source) => typeof source === 'string');
    this.#hashes = new Set(this.#texts.map((source) => sha256(source)));
  }

  hasScript(hash: string): boolean {
    return this.#hashes.has(hash);
  }

  /** A few short ones stand in its C++. */
  hasInBinary(text: string): boolean {
    this.#binary ??= readFileSync(this.#node);
    return text.length >= 20 && this.#binary.includes(text);
  }

  /** Node compiles a few words of its own, by node:vm, which stand quoted in its scripts. */
  hasLiteral(text: string): boolean {
    return ["'", '"', '`'].some((quote) =>
      this.#texts.some((source) => source.includes(quote + text + quote)),
    );
  }

  /** Node carries WebAssembly in its scripts, in base64. */
  hasWasm(bytes: string): boolean {
    const known = this.#wasm.get(bytes);
    if (known !== undefined) return known;
    const body = bytes.replace(/=+$/, '');
    const has = body.length > 200 && this.#texts.some((text) => text.includes(body));
    this.#wasm.set(bytes, has);
    return has;
  }
}
