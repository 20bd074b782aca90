import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { AuditLine } from '../read-audit-log.js';
import { nameOf, versionOf } from '../tree/owner.js';
import { allComponents, packageOf, placesOf, type Bom, type Component } from './components.js';

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

function manifestOf(folder: string): unknown {
  try {
    return JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  } catch {
    return undefined;
  }
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

/** Whether a component can be the package, as far as versions tell. */
function sameVersion(component: Component, { version }: LoadedPackage): boolean {
  const known = packageOf(component);
  if (known === undefined) return false;
  return version === undefined || known.version === undefined || known.version === version;
}

/** The length of npm's place for the component if the package's path ends with it, else 0. */
function placeLength(component: Component, loaded: LoadedPackage): number {
  if (!sameVersion(component, loaded)) return 0;
  const lengths = placesOf(component).map((place) =>
    loaded.folder.endsWith(`/${place}`) ? place.length : 0,
  );
  return Math.max(0, ...lengths);
}

/** The components of a package: by npm's place, or else by name and version. */
function componentsOf(loaded: LoadedPackage, all: readonly Component[]): readonly Component[] {
  // The path of a nested package also ends with the place of a top one, so take the longest.
  const longest = Math.max(0, ...all.map((component) => placeLength(component, loaded)));
  if (longest > 0) return all.filter((component) => placeLength(component, loaded) === longest);
  return all.filter(
    (component) => packageOf(component)?.name === loaded.name && sameVersion(component, loaded),
  );
}

/** Assigns each loaded package to its components, and lists those without one. */
export function assign(
  bom: Bom,
  loaded: Iterable<LoadedPackage>,
): { components: Map<Component, LoadedPackage[]>; others: LoadedPackage[] } {
  const components = new Map<Component, LoadedPackage[]>();
  for (const component of allComponents(bom)) components.set(component, []);
  const others: LoadedPackage[] = [];
  const all = [...components.keys()];
  for (const entry of loaded) {
    const found = componentsOf(entry, all);
    for (const component of found) components.get(component)?.push(entry);
    if (found.length === 0) others.push(entry);
  }
  return { components, others };
}
