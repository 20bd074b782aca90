import { constants } from '../../constants.js';
import { closeCode, confirmCode, fileQuestion, openCode } from '../load/checked-read.js';
import { startedWith } from '../inherit/started-with.js';
import { native } from '../lib/native.js';
import {
  StringPrototypeCharAt,
  StringPrototypeIncludes,
  StringPrototypeIndexOf,
  StringPrototypeSlice,
} from '../lib/primordials.js';
import { refused } from '../refused.js';
import { cached } from './library-cache.js';
import { readDynamicSection, type DynamicSection } from './elf.js';

/*
 * The dynamic loader finds and maps the libraries of a shared object without asking Node. So this
 * file repeats glibc's search (ld.so(8)) and checks each library before it calls the loader. It
 * refuses a search that it cannot repeat. The loader may still find other files under these names:
 * see docs/threat-model.md.
 */

const { AT_FDCWD } = constants;
const O_PATH = BigInt(constants.O_PATH);
const withoutPrototype = Object.create as (prototype: null) => Record<string, true>;

/**
 * The loader tries these subdirectories first, depending on the processor. All that exist are
 * checked.
 */
const VARIANTS = [
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
interface Loading {
  readonly path: string;
  readonly section: DynamicSection;
  readonly by: Loading | undefined;
}

/** The parts of a text, without the empty ones. */
function split(text: string, separator: string): string[] {
  const parts: string[] = [];
  let from = 0;
  while (from <= text.length) {
    let to = StringPrototypeIndexOf(text, separator, from);
    if (to < 0) to = text.length;
    if (to > from) parts[parts.length] = StringPrototypeSlice(text, from, to);
    from = to + 1;
  }
  return parts;
}

/** The colons of an RPATH separate directories; an empty one is the current directory. */
function directories(object: Loading, path: string): string[] {
  const found: string[] = [];
  if (path === '') return found;
  let from = 0;
  while (from <= path.length) {
    let to = StringPrototypeIndexOf(path, ':', from);
    if (to < 0) to = path.length;
    const directory = expand(object, StringPrototypeSlice(path, from, to));
    found[found.length] = directory === '' ? '.' : directory;
    from = to + 1;
  }
  return found;
}

const ORIGINS = ['$ORIGIN', '${ORIGIN}'];

function expand(object: Loading, text: string): string {
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

interface SystemPath {
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
function systemPath(): SystemPath {
  const lines = native.libraryPath();
  const all = typeof lines === 'string' ? split(lines, '\n') : [];
  const names = withoutPrototype(null);
  const parts = split(startedWith()['LD_LIBRARY_PATH'] ?? '', ':');
  for (let i = 0; i < parts.length; i++) {
    const more = split(parts[i] as string, ';');
    for (let j = 0; j < more.length; j++) names[withoutSlash(more[j] as string)] = true;
  }
  const given: string[] = [];
  const own: string[] = [];
  for (let i = 0; i < all.length; i++) {
    const directory = all[i] as string;
    if (own.length === 0 && names[withoutSlash(directory)] === true)
      given[given.length] = directory;
    else own[own.length] = directory;
  }
  return { given, own };
}

function exists(path: string): boolean {
  return native.openat2Probe(AT_FDCWD, path, O_PATH, 0n) === 0;
}

/**
 * The files that the loader may choose for a name in these directories: the first match,
 * and its variants.
 */
function inDirectories(list: readonly string[], name: string): string[] {
  const found: string[] = [];
  for (let i = 0; i < list.length; i++) {
    const directory = list[i] as string;
    for (let j = 0; j < VARIANTS.length; j++) {
      const path = `${directory}/${VARIANTS[j] as string}${name}`;
      if (exists(path)) found[found.length] = path;
    }
    const path = `${directory}/${name}`;
    if (exists(path)) {
      found[found.length] = path;
      return found;
    }
  }
  return found;
}

/** The files that the loader may choose. Empty when there is none. */
function candidates(object: Loading, name: string, system: SystemPath): string[] {
  const { section } = object;
  const ways: (() => string[])[] = [];
  if (section.runpath === '') {
    for (let by: Loading | undefined = object; by !== undefined; by = by.by) {
      const one = by;
      if (one.section.runpath === '') {
        ways[ways.length] = () => inDirectories(directories(one, one.section.rpath), name);
      }
    }
  }
  ways[ways.length] = () => inDirectories(system.given, name);
  ways[ways.length] = () => inDirectories(directories(object, section.runpath), name);
  if (!section.noDefaults) {
    ways[ways.length] = () => cached(name);
    ways[ways.length] = () => inDirectories(system.own, name);
  }
  for (let i = 0; i < ways.length; i++) {
    const found = (ways[i] as () => string[])();
    if (found.length > 0) return found;
  }
  return [];
}

function sectionOf(path: string, fd: number): DynamicSection | undefined {
  try {
    return readDynamicSection(fd);
  } catch (error) {
    const why = (error as Error).message;
    throw refused(`the libraries that it needs cannot be found out: ${why}`, path);
  }
}

/** The paths of the objects that need it, the nearest first, for the message. */
function neededBy(object: Loading | undefined): readonly string[] {
  const paths: string[] = [];
  for (let by = object; by !== undefined; by = by.by) paths[paths.length] = by.path;
  return paths;
}

/** Checks one library. Returns undefined when it cannot be opened and nothing is enforced. */
function checkLibrary(path: string, by: Loading): Loading | undefined {
  const open = openCode(fileQuestion('dlopen', 'library', path, false, () => neededBy(by)));
  if (open === undefined) return undefined;
  try {
    confirmCode(path, open);
    const section = sectionOf(path, open.fd);
    return section === undefined ? undefined : { path, section, by };
  } finally {
    closeCode(open.fd);
  }
}

/**
 * Checks the libraries that an open shared object needs, and theirs in turn. Returns
 * whether one of them is searched from the object's own path. Throws ExecDeniedError when
 * one is refused or not found. For use only where files are restricted.
 */
export function checkNeededLibraries(path: string, fd: number): boolean {
  const section = sectionOf(path, fd);
  if (section === undefined) return false;
  const queue: Loading[] = [{ path, section, by: undefined }];
  const loaded = withoutPrototype(null);
  const lines = native.loadedLibraries();
  const names = typeof lines === 'string' ? split(lines, '\n') : [];
  for (let i = 0; i < names.length; i++) loaded[names[i] as string] = true;

  let system: SystemPath | undefined;
  for (let next = 0; next < queue.length; next++) {
    const object = queue[next] as Loading;
    const { needed } = object.section;
    for (let i = 0; i < needed.length; i++) {
      const name = expand(object, needed[i] as string);
      if (loaded[name] === true) continue;
      loaded[name] = true;
      system ??= systemPath();
      const found = StringPrototypeIncludes(name, '/') ? [name] : candidates(object, name, system);
      if (found.length === 0) {
        throw refused(
          `the library '${name}', which it needs, is in none of the directories where the dynamic loader is known to look`,
          object.path,
        );
      }
      for (let j = 0; j < found.length; j++) {
        const library = checkLibrary(found[j] as string, object);
        if (library === undefined) continue;
        if (library.section.soname !== '') loaded[library.section.soname] = true;
        queue[queue.length] = library;
      }
    }
  }
  return StringPrototypeIncludes(`${section.rpath}${section.runpath}`, '$');
}
