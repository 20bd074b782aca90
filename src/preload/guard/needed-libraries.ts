import { isHeard } from '../../audit.js';
import { filesAreRestricted } from '../../policy.js';
import {
  closeCode,
  confirmCode,
  fileQuestion,
  openCode,
  reopenCode,
} from '../load/checked-read.js';
import { append, newList } from '../lib/append.js';
import { native } from '../lib/native.js';
import { StringPrototypeIncludes } from '../lib/primordials.js';
import { publishUnchecked, refused } from '../refused.js';
import { readDynamicSection, type DynamicSection } from './elf.js';
import {
  candidates,
  expand,
  split,
  systemPath,
  withoutPrototype,
  type Loading,
  type SystemPath,
} from './library-search.js';

/*
 * The dynamic loader finds and maps the libraries of a shared object without asking Node. So this
 * file checks each library before it calls the loader. The loader may still find other files under
 * these names: see docs/threat-model.md.
 */

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
  for (let by = object; by !== undefined; by = by.by) append(paths, by.path);
  return paths;
}

/** Checks one library, again without a record. */
function checkLibrary(path: string, by: Loading, isAgain: boolean): Loading | undefined {
  const question = fileQuestion('dlopen', 'library', path, false, () => neededBy(by));
  const open = isAgain ? reopenCode(question) : openCode(question);
  if (open === undefined) return undefined;
  try {
    // In an audit a library without x stays open, and the kernel would say no again.
    if (filesAreRestricted()) confirmCode(path, open);
    const section = sectionOf(path, open.fd);
    if (section?.machine !== by.section.machine) {
      throw refused(
        `it is no library for the processor that '${by.path}' is for, so the dynamic loader would take another file of its name`,
        path,
      );
    }
    return { path, section, by };
  } finally {
    closeCode(open.fd);
  }
}

/** The soname that all of the libraries have. The loader loads one of them. */
function commonSoname(libraries: readonly Loading[]): string {
  const soname = libraries[0]?.section.soname ?? '';
  for (let i = 1; i < libraries.length; i++) {
    if (libraries[i]?.section.soname !== soname) return '';
  }
  return soname;
}

/** The names of the libraries that the loader has loaded. */
function loadedNames(): Record<string, true> {
  const loaded = withoutPrototype(null);
  const lines = native.loadedLibraries();
  const names = typeof lines === 'string' ? split(lines, '\n') : newList<string>();
  for (let i = 0; i < names.length; i++) loaded[names[i] as string] = true;
  return loaded;
}

function checkAll(first: Loading, isAgain: boolean): void {
  const queue: Loading[] = newList();
  append(queue, first);
  const loaded = loadedNames();
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
      const libraries: Loading[] = newList();
      for (let j = 0; j < found.length; j++) {
        const library = checkLibrary(found[j] as string, object, isAgain);
        if (library === undefined) continue;
        append(libraries, library);
        append(queue, library);
      }
      const soname = commonSoname(libraries);
      if (soname !== '') loaded[soname] = true;
    }
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
  const first = { path, section, by: undefined };
  checkAll(first, false);
  // A subscriber may have swapped a library, or a folder, while a verdict was published.
  if (section.needed.length > 0 && isHeard()) checkAll(first, true);
  return StringPrototypeIncludes(`${section.rpath}${section.runpath}`, '$');
}

/**
 * Publishes the verdicts about the same libraries where files are not restricted, so that an audit
 * has what checkNeededLibraries would refuse. Never throws.
 */
export function auditNeededLibraries(path: string, fd: number): void {
  try {
    const section = sectionOf(path, fd);
    if (section !== undefined) checkAll({ path, section, by: undefined }, false);
  } catch (error) {
    const why = (error as Error).message;
    publishUnchecked(false, () => ({ operation: 'dlopen', origin: 'library', path, why }));
  }
}
