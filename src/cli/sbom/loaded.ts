import { join } from 'node:path';

import { FILES, textOf } from '../../log-files.js';
import type { AuditLine } from '../audit-line.js';
import { parseManifest } from '../tree/code.js';
import { nameOf, versionOf } from '../tree/owner.js';

/** The loaded code of one package in one place. */
export interface LoadedPackage {
  readonly name: string;
  /** The version in the package.json there, or on another host in the log. */
  readonly version: string | undefined;
  /** The package's directory. */
  readonly folder: string;
  readonly files: Set<string>;
  readonly notAllowed: Set<string>;
}

/** A package's own directory, from the path of a file in it. */
function packageFolder(path: string): { name: string; folder: string } | undefined {
  const at = path.lastIndexOf('/node_modules/');
  if (at < 0) return undefined;
  const start = at + '/node_modules/'.length;
  const parts = path.slice(start).split('/');
  const named = parts[0]?.startsWith('@') === true ? 2 : 1;
  if (parts.length <= named) return undefined;
  const name = parts.slice(0, named).join('/');
  return { name, folder: path.slice(0, start) + name };
}

/** A log may name any directory, so this waits for no fifo, and reads no endless file. */
function manifestOf(folder: string): unknown {
  return parseManifest(textOf(FILES, join(folder, 'package.json')) ?? '');
}

/** The version in `name@version`, unless a package.json inside of the package has another name. */
function loggedVersion(logged: string | undefined, name: string): string | undefined {
  return logged?.startsWith(`${name}@`) === true ? logged.slice(name.length + 1) : undefined;
}

/** The files of a log by package. Files outside of packages are omitted. */
export class LoadedPackages {
  readonly #byFolder = new Map<string, LoadedPackage>();
  /** Logs have each path many times. */
  readonly #byPath = new Map<string, LoadedPackage | undefined>();

  add(line: AuditLine): void {
    const { path, allowed } = line;
    if (path === undefined) return;
    let entry = this.#byPath.get(path);
    if (entry === undefined && !this.#byPath.has(path)) {
      entry = this.#entryOf(path, line);
      this.#byPath.set(path, entry);
      entry?.files.add(path);
    }
    if (allowed !== true) entry?.notAllowed.add(path);
  }

  #entryOf(path: string, { package: logged }: AuditLine): LoadedPackage | undefined {
    const place = packageFolder(path);
    if (place === undefined) return undefined;
    const { folder } = place;
    let entry = this.#byFolder.get(folder);
    if (entry === undefined) {
      const manifest = manifestOf(folder);
      const name = nameOf(manifest) ?? place.name;
      entry = {
        name,
        version: versionOf(manifest) ?? loggedVersion(logged, name),
        folder,
        files: new Set(),
        notAllowed: new Set(),
      };
      this.#byFolder.set(folder, entry);
    }
    return entry;
  }

  [Symbol.iterator](): IterableIterator<LoadedPackage> {
    return this.#byFolder.values();
  }
}
