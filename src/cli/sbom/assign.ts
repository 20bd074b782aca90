import {
  allComponents,
  packageOf,
  placesOf,
  type Bom,
  type Component,
  type Known,
} from './components.js';
import type { LoadedPackage } from './loaded.js';

/** The components of a CycloneDX file, by what a loaded package tells. */
class Components {
  readonly #byPlace = new Map<string, Named[]>();
  readonly #byName = new Map<string, Named[]>();
  #longestPlace = 0;

  constructor(all: Iterable<Component>) {
    for (const component of all) {
      const known = packageOf(component);
      if (known === undefined) continue;
      const named = { component, known };
      append(this.#byName, known.name, named);
      for (const place of new Set(placesOf(component))) {
        append(this.#byPlace, place, named);
        this.#longestPlace = Math.max(this.#longestPlace, place.length);
      }
    }
  }

  /** The components of a package: by npm's place, or else by name and version. */
  of(loaded: LoadedPackage): Component[] {
    const { folder, name } = loaded;
    // The path of a nested package also ends with the place of a top one, so take the longest.
    let at = folder.indexOf('/', folder.length - this.#longestPlace - 1);
    for (; at >= 0; at = folder.indexOf('/', at + 1)) {
      const found = matching(this.#byPlace.get(folder.slice(at + 1)), loaded);
      if (found.length > 0) return found;
    }
    return matching(this.#byName.get(name), loaded);
  }
}

interface Named {
  readonly component: Component;
  readonly known: Known;
}

function append(lists: Map<string, Named[]>, key: string, named: Named): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [named]);
  else list.push(named);
}

/** The components that can be the package, as far as versions tell. */
function matching(all: readonly Named[] = [], { version }: LoadedPackage): Component[] {
  return all
    .filter(
      ({ known }) =>
        version === undefined || known.version === undefined || known.version === version,
    )
    .map(({ component }) => component);
}

/** Assigns each loaded package to its components, and lists those without one. */
export function assign(
  bom: Bom,
  loaded: Iterable<LoadedPackage>,
): { components: Map<Component, LoadedPackage[]>; others: LoadedPackage[] } {
  const components = new Map<Component, LoadedPackage[]>();
  for (const component of allComponents(bom)) components.set(component, []);
  const others: LoadedPackage[] = [];
  const known = new Components(components.keys());
  for (const entry of loaded) {
    const found = known.of(entry);
    for (const component of found) components.get(component)?.push(entry);
    if (found.length === 0) others.push(entry);
  }
  return { components, others };
}
