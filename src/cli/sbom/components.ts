import { isObject } from '../json-object.js';

/** The components of a CycloneDX file, and the loaded code of each. */

interface Property {
  name: string;
  value?: string;
}

/** The fields that are read. All others stay unchanged. */
export interface Component {
  name?: string;
  group?: string;
  version?: string;
  purl?: string;
  properties?: Property[];
  components?: Component[];
}

export interface Bom {
  bomFormat: 'CycloneDX';
  metadata?: { component?: Component };
  components?: Component[];
}

/** The file is not CycloneDX in JSON. */
export class BomError extends Error {}

function isComponent(value: unknown): value is Component {
  if (!isObject(value)) return false;
  const { name, group, version, purl, properties, components } = value;
  const texts = [name, group, version, purl].every(
    (text) => text === undefined || typeof text === 'string',
  );
  return (
    texts &&
    (properties === undefined || (Array.isArray(properties) && properties.every(isObject))) &&
    (components === undefined || (Array.isArray(components) && components.every(isComponent)))
  );
}

/** More than a program writes. */
const DEEPEST = 500;

function isDeep(value: unknown): boolean {
  let level = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > DEEPEST) return true;
    level = level.flatMap((one) =>
      typeof one === 'object' && one !== null ? (Object.values(one) as unknown[]) : [],
    );
  }
  return false;
}

/** Throws BomError. */
export function parseBom(text: string): Bom {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BomError(`it is not JSON: ${(error as Error).message}`);
  }
  // Working on it needs a stack, and so does writing it.
  if (isDeep(value)) throw new BomError('it is nested too deeply');
  if (!isObject(value) || value['bomFormat'] !== 'CycloneDX') {
    throw new BomError('it is not a CycloneDX file: bomFormat is missing');
  }
  const { components = [] } = value;
  if (!Array.isArray(components) || !components.every(isComponent)) {
    throw new BomError('its components do not have the form of CycloneDX');
  }
  return value as unknown as Bom;
}

/** A package as npm knows it. */
export interface Known {
  readonly name: string;
  readonly version: string | undefined;
}

/** The name and the version in a purl: pkg:npm/%40scope/name@version?qualifiers#subpath. */
const PURL = /^pkg:\/*([a-z0-9.+-]+)\/([^?#]*?)(?:@([^@/?#]*))?(?:[?#].*)?$/i;

/**
 * The package of a component, by its purl or else by its name. CycloneDX puts the scope into
 * `group`. Undefined for a package of another ecosystem, which may have the name of one of npm's.
 */
export function packageOf({ name = '', group, version, purl }: Component): Known | undefined {
  const [, type, path = '', purlVersion] = PURL.exec(purl ?? '') ?? [];
  if (type === undefined) {
    const isWhole = group === undefined || group === '' || name.startsWith('@');
    return { name: isWhole ? name : `${group}/${name}`, version };
  }
  if (type.toLowerCase() !== 'npm') return undefined;
  const decoded = purlVersion === undefined ? undefined : decode(purlVersion);
  return { name: decode(path), version: decoded ?? version };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** The package's places by npm, relative to the application. */
export function placesOf({ properties = [] }: Component): string[] {
  return properties.flatMap(({ name, value }) =>
    name === 'cdx:npm:package:path' && typeof value === 'string' ? [value] : [],
  );
}

/** All components, also those inside others. */
export function* allComponents({ components = [] }: Pick<Bom, 'components'>): Generator<Component> {
  for (const component of components) {
    yield component;
    yield* allComponents(component);
  }
}

const LOADED = 'mayexec:loaded';
const FILES = 'mayexec:files';
const NOT_ALLOWED = 'mayexec:not-allowed';

/** Records what was loaded, and replaces older records. */
export function note(component: Component, files: number, notAllowed: number): void {
  const others = (component.properties ?? []).filter(
    ({ name }) => name !== LOADED && name !== FILES && name !== NOT_ALLOWED,
  );
  component.properties = [
    ...others,
    { name: LOADED, value: String(files > 0) },
    { name: FILES, value: String(files) },
    { name: NOT_ALLOWED, value: String(notAllowed) },
  ];
}
