/**
 * Built things, kept under the user's cache directory.
 *
 * An entry's name has a hash of all that went into it. It is built beside its
 * place and renamed into it, so an entry is whole or is not there.
 */
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';

export const lab = import.meta.dirname;

export const cacheDirectory = join(
  process.env['XDG_CACHE_HOME'] || join(homedir(), '.cache'),
  'mayexec-lab',
);

/** A file of lab/ as an ingredient of an entry. */
export const ingredient = (file: string): string => readFileSync(join(lab, file), 'utf8');

const day = 86_400_000;

// A process that is about to be killed may still make a file in it.
const remove = (directory: string): void => {
  rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 50 });
};

/** Removes what killed builds have left, because a kernel's source is large. */
function removeAbandoned(): void {
  for (const name of readdirSync(cacheDirectory)) {
    const directory = join(cacheDirectory, name);
    if (name.startsWith('tmp-') && Date.now() - statSync(directory).birthtimeMs > day) {
      remove(directory);
    }
  }
}

/** Runs `work` in a new directory of the cache, which is gone afterwards. */
export async function inScratch<T>(work: (directory: string) => Promise<T>): Promise<T> {
  mkdirSync(cacheDirectory, { recursive: true });
  removeAbandoned();
  const directory = mkdtempSync(join(cacheDirectory, 'tmp-'));
  const removeIt = (): void => {
    remove(directory);
  };
  process.once('exit', removeIt);
  try {
    return await work(directory);
  } finally {
    process.removeListener('exit', removeIt);
    removeIt();
  }
}

/**
 * The directory of an entry. Where it is missing, `build` fills `directory`,
 * which becomes `place`.
 */
export async function entry(
  name: string,
  ingredients: readonly string[],
  build: (directory: string, place: string) => Promise<void>,
): Promise<string> {
  const hash = createHash('sha256').update(JSON.stringify(ingredients)).digest('hex');
  const place = join(cacheDirectory, `${name}-${hash.slice(0, 16)}`);
  if (existsSync(place)) return place;
  return await inScratch(async (scratch) => {
    const directory = join(scratch, 'entry');
    mkdirSync(directory);
    await build(directory, place);
    try {
      renameSync(directory, place);
    } catch (error) {
      // Another process built the same entry meanwhile. Either will do.
      if (!['ENOTEMPTY', 'EEXIST'].includes((error as NodeJS.ErrnoException).code ?? ''))
        throw error;
    }
    return place;
  });
}
