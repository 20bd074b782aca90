/** The components of a CycloneDX file, and the code that an audit log saw of each. */

interface Property {
  name: string;
  value?: string;
}

/** What is read of a component; everything else stays as it is. */
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

/** It is no CycloneDX file in JSON. */
export class BomError extends Error {}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

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

/** Throws BomError. */
export function parseBom(text: string): Bom {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BomError(`it is no JSON: ${(error as Error).message}`);
  }
  if (!isObject(value) || value['bomFormat'] !== 'CycloneDX') {
    throw new BomError('it is no CycloneDX file: bomFormat is missing');
  }
  const { components = [] } = value;
  if (!Array.isArray(components) || !components.every(isComponent)) {
    throw new BomError('its components are not as CycloneDX has them');
  }
  return value as unknown as Bom;
}

/** The name as npm has it: CycloneDX puts the scope into `group`. */
export function nameOf({ name = '', group }: Component): string {
  return group === undefined || group === '' || name.startsWith('@') ? name : `${group}/${name}`;
}

/** Where npm says that the package is, relative to the application. */
export function placesOf({ properties = [] }: Component): string[] {
  return properties.flatMap(({ name, value }) =>
    name === 'cdx:npm:package:path' && typeof value === 'string' ? [value] : [],
  );
}

/** All components, with those inside others. */
export function* allComponents({ components = [] }: Pick<Bom, 'components'>): Generator<Component> {
  for (const component of components) {
    yield component;
    yield* allComponents(component);
  }
}

const LOADED = 'mayexec:loaded';
const FILES = 'mayexec:files';
const NOT_ALLOWED = 'mayexec:not-allowed';

/** Notes what was loaded, in the place of what an earlier log said. */
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
