import { constants } from '../../constants.js';
import { startedWith } from '../inherit/started-with.js';
import { append, newList } from '../lib/append.js';
import { native } from '../lib/native.js';
import {
  StringPrototypeCharAt,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
} from '../lib/primordials.js';
import { refused } from '../refused.js';
import { cached } from './library-cache.js';
import type { DynamicSection } from './elf.js';

/*
 * Where the dynamic loader looks for a library: glibc's search (ld.so(8)). A search that cannot be
 * repeated is refused.
 */

const { AT_FDCWD } = constants;
const O_PATH = BigInt(constants.O_PATH);
export const withoutPrototype = Object.create as (prototype: null) => Record<string, true>;

/**
 * The loader tries these subdirectories first, depending on the processor. All that exist are
 * checked.
 */
const variants = (): readonly string[] => [
  'glibc-hwcaps/x86-64-v4/',
  'glibc-hwcaps/x86-64-v3/',
  'glibc-hwcaps/x86-64-v2/',
  // Before glibc 2.37, with all their combinations.
  'tls/haswell/avx512_1/x86_64/',
  'tls/haswell/avx512_1/',
  'tls/haswell/x86_64/',
  'tls/haswell/',
  'tls/avx512_1/x86_64/',
  'tls/avx512_1/',
  'tls/x86_64/',
  'tls/',
  'haswell/avx512_1/x86_64/',
  'haswell/avx512_1/',
  'haswell/x86_64/',
  'haswell/',
  'avx512_1/x86_64/',
  'avx512_1/',
  'x86_64/',
];

/** An object that is about to be loaded, and the object that needs it. */
export interface Loading {
  readonly path: string;
  readonly section: DynamicSection;
  readonly by: Loading | undefined;
}

/** The parts of a text, without the empty ones. */
export function split(text: string, separator: string): string[] {
  const parts: string[] = newList();
  let from = 0;
  while (from <= text.length) {
    let to = StringPrototypeIndexOf(text, separator, from);
    if (to < 0) to = text.length;
    if (to > from) append(parts, StringPrototypeSlice(text, from, to));
    from = to + 1;
  }
  return parts;
}

/** The colons of an RPATH separate directories; an empty one is the current directory. */
function directories(object: Loading, path: string): string[] {
  const found: string[] = newList();
  if (path === '') return found;
  let from = 0;
  while (from <= path.length) {
    let to = StringPrototypeIndexOf(path, ':', from);
    if (to < 0) to = path.length;
    const directory = expand(object, StringPrototypeSlice(path, from, to));
    append(found, directory === '' ? '.' : directory);
    from = to + 1;
  }
  return found;
}

const ORIGINS = ['$ORIGIN', '${ORIGIN}'];

export function expand(object: Loading, text: string): string {
  let expanded = text;
  for (let i = 0; i < ORIGINS.length; i++) {
    const origin = ORIGINS[i] as string;
    for (;;) {
      const at = StringPrototypeIndexOf(expanded, origin);
      if (at < 0) break;
      expanded =
        StringPrototypeSlice(expanded, 0, at) +
        directoryOf(object.path) +
        StringPrototypeSlice(expanded, at + origin.length);
    }
  }
  if (StringPrototypeIncludes(expanded, '$')) {
    throw refused(
      `'${text}' in it stands for a directory that only the dynamic loader knows, so its libraries cannot be checked`,
      object.path,
    );
  }
  return expanded;
}

function directoryOf(path: string): string {
  let end = path.length;
  while (end > 0 && StringPrototypeCharAt(path, end - 1) !== '/') end--;
  return end === 0 ? '.' : StringPrototypeSlice(path, 0, end > 1 ? end - 1 : 1);
}

export interface SystemPath {
  /** LD_LIBRARY_PATH. */
  readonly given: string[];
  /** The loader's own directories. */
  readonly own: string[];
}

function withoutSlash(directory: string): string {
  let end = directory.length;
  while (end > 1 && StringPrototypeCharAt(directory, end - 1) === '/') end--;
  return StringPrototypeSlice(directory, 0, end);
}

/** The loader gives one list for both. LD_LIBRARY_PATH shows where the first part ends. */
export function systemPath(): SystemPath {
  const lines = native.libraryPath();
  const all = typeof lines === 'string' ? split(lines, '\n') : [];
  const names = withoutPrototype(null);
  const parts = split(startedWith()['LD_LIBRARY_PATH'] ?? '', ':');
  for (let i = 0; i < parts.length; i++) {
    const more = split(parts[i] as string, ';');
    for (let j = 0; j < more.length; j++) names[withoutSlash(more[j] as string)] = true;
  }
  const given: string[] = newList();
  const own: string[] = newList();
  for (let i = 0; i < all.length; i++) {
    const directory = all[i] as string;
    if (own.length === 0 && names[withoutSlash(directory)] === true) append(given, directory);
    else append(own, directory);
  }
  return { given, own };
}

function exists(path: string): boolean {
  return native.openat2Probe(AT_FDCWD, path, O_PATH, 0n) === 0;
}

/** Directories that were missing in an earlier search. The loader may not look there again. */
const missing = Object.create(null) as Record<string, true>;

/**
 * Adds the files that the loader may choose for a name in these directories. Returns whether it
 * surely takes one of them. Its variants depend on the processor.
 */
function inDirectories(list: readonly string[], name: string, into: string[]): boolean {
  const before = variants();
  for (let i = 0; i < list.length; i++) {
    const directory = list[i] as string;
    for (let j = 0; j < before.length; j++) {
      const path = `${directory}/${before[j] as string}${name}`;
      if (exists(path)) append(into, path);
    }
    const path = `${directory}/${name}`;
    if (exists(path)) {
      append(into, path);
      if (missing[directory] !== true) return true;
    } else if (!exists(`${directory}/.`)) missing[directory] = true;
  }
  return false;
}

function inCache(name: string, into: string[]): boolean {
  const found = cached(name);
  for (let i = 0; i < found.length; i++) append(into, found[i] as string);
  return found.length > 0;
}

/** The files that the loader may choose. Empty when there is none. */
export function candidates(object: Loading, name: string, system: SystemPath): readonly string[] {
  const { runpath, hasRunpath, noDefaults } = object.section;
  const found: string[] = newList();
  if (!hasRunpath) {
    for (let by: Loading | undefined = object; by !== undefined; by = by.by) {
      if (inDirectories(directories(by, by.section.rpath), name, found)) return found;
    }
  }
  if (inDirectories(system.given, name, found)) return found;
  if (inDirectories(directories(object, runpath), name, found)) return found;
  if (noDefaults || inCache(name, found)) return found;
  inDirectories(system.own, name, found);
  return found;
}
