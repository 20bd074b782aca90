import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { crc32 } from 'node:zlib';

/** Where Node's compile cache keeps the hash of the source that the bytecode belongs to. */
const SOURCE_HASH = 12;

interface Entry {
  readonly file: string;
  readonly bytes: Buffer;
}

/** Has Node compile what `args` names, and returns the cache's entry for a source, and its place. */
function compiled(node: string, args: string[], source: string, cache: string): Entry {
  execFileSync(node, args, {
    env: { NODE_COMPILE_CACHE: cache },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  for (const version of readdirSync(cache)) {
    for (const name of readdirSync(join(cache, version))) {
      const bytes = readFileSync(join(cache, version, name));
      if (bytes.readUInt32LE(SOURCE_HASH) === crc32(source)) {
        return { file: join(version, name), bytes };
      }
    }
  }
  throw new Error(`'${cache}' has no entry for ${args.join(' ')}`);
}

/**
 * A folder, in `root`, with a compile cache that has other code for `victim`: compiled from
 * a source of the same length, which is what V8 looks at, under the hash of the
 * victim's own, which is what Node looks at.
 */
export function poisonedCache(
  node: string,
  victim: string,
  args: string[],
  code: string,
  root: string,
): string {
  const folder = mkdtempSync(join(root, 'cache-'));
  const source = readFileSync(victim, 'utf8');
  const wanted = compiled(node, args, source, join(folder, 'own'));

  const bad = `${code}//`.padEnd(source.length, 'x');
  const badFile = join(folder, basename(victim));
  writeFileSync(badFile, bad);
  const { bytes } = compiled(node, [badFile], bad, join(folder, 'others'));
  bytes.writeUInt32LE(crc32(source), SOURCE_HASH);
  const poisoned = join(folder, 'poisoned');
  mkdirSync(join(poisoned, wanted.file, '..'), { recursive: true });
  writeFileSync(join(poisoned, wanted.file), bytes);
  return poisoned;
}
