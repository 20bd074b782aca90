/** Node's own tests, as its sources hold them: each is a program that passes by ending with 0. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface NodeTest {
  /** `suite/test-….js` */
  readonly name: string;
  readonly path: string;
  /** The options and the environment that its first lines ask for. */
  readonly options: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

/** The words behind `// Flags:` and the like, in the first lines of a test. */
function header(text: string, word: string): string[] {
  return text
    .split('\n')
    .filter((line) => line.startsWith(`// ${word}:`))
    .flatMap((line) =>
      line
        .slice(word.length + 4)
        .trim()
        .split(/\s+/),
    )
    .filter((word) => word !== '');
}

function read(source: string, name: string): NodeTest {
  const path = join(source, 'test', name);
  const text = readFileSync(path, 'utf8').slice(0, 4000);
  const pairs = header(text, 'Env').map((pair) => {
    const at = pair.indexOf('=');
    return [pair.slice(0, at), pair.slice(at + 1)] as const;
  });
  return { name, path, options: header(text, 'Flags'), env: Object.fromEntries(pairs) };
}

/** The tests of some suites whose names match, one of `every`. A suite that this Node lacks has none. */
export function testsOf(
  source: string,
  suites: readonly string[],
  only: RegExp,
  every: number,
): NodeTest[] {
  return suites
    .filter((suite) => existsSync(join(source, 'test', suite)))
    .flatMap((suite) => readdirSync(join(source, 'test', suite)).map((name) => join(suite, name)))
    .filter((name) => /\/test-[^/]*\.(js|mjs|cjs|ts|mts|cts)$/.test(name) && only.test(name))
    .sort()
    .filter((_, i) => i % every === 0)
    .map((name) => read(source, name));
}

/** `22.22.2` */
export const versionOf = (node: string): string =>
  execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8', env: {} }).trim();
