import { isObject } from '../json-object.js';
import { printable } from '../terminal.js';
import { isSha256 } from '../tree/file.js';
import { display, readPath, toPath, writePath, type TreePath } from '../tree/path.js';

/** A file of code, as it was when the manifest was made. */
export interface ManifestFile {
  path: TreePath;
  sha256: string;
  /** Whether its owner had x, as in git. The other bits depend on the umask. */
  executable: boolean;
  /** name@version. */
  package?: string;
}

/** The approved code of an application, with its hashes. */
export interface Manifest {
  /** The extensions of --ext that it was made with. */
  extensions: readonly string[];
  /** In the order of their paths. */
  files: readonly ManifestFile[];
}

/** The manifest cannot be used. Nothing was done. */
export class ManifestError extends Error {
  readonly syscall = 'manifest';
}

const VERSION = 1;
/** PATH_MAX, with the NUL. */
const LONGEST_PATH = 4095;

/** Formats JSON with a line for each file. The same files give the same bytes. */
export function formatManifest({ extensions, files }: Manifest): string {
  const lines = files.map(({ path, sha256, executable, package: owner }) =>
    JSON.stringify({
      ...writePath(path),
      sha256,
      mode: executable ? '0755' : '0644',
      ...(owner === undefined ? {} : { package: owner }),
    }),
  );
  const words = JSON.stringify(extensions.map(display));
  return `{"mayexecManifest":${VERSION},"extensions":${words},"files":[\n${lines.join(',\n')}\n]}\n`;
}

/**
 * Reads the output of formatManifest. It refuses other bytes with the same meaning, so that every
 * reader sees the same list. Throws ManifestError.
 */
export function parseManifest(bytes: Buffer): Manifest {
  const value = parse(bytes);
  if (!isObject(value) || value['mayexecManifest'] === undefined) {
    throw new ManifestError('it is not a manifest of mayexec');
  }
  const { mayexecManifest: version, extensions, files } = value;
  if (version !== VERSION) {
    const found = printable(JSON.stringify(version).slice(0, 20));
    throw new ManifestError(`it has version ${found}, and this mayexec knows version ${VERSION}`);
  }
  if (!isStrings(extensions) || !Array.isArray(files)) {
    throw new ManifestError('it has no list of extensions or no list of files');
  }
  const manifest = { extensions: extensions.map(toPath), files: files.map(fileOf) };
  mustBeInOrder(manifest.files);
  if (!Buffer.from(formatManifest(manifest)).equals(bytes)) {
    throw new ManifestError('it is not in the exact form of "mayexec manifest": make it again');
  }
  return manifest;
}

function parse(bytes: Buffer): unknown {
  try {
    return JSON.parse(bytes.toString());
  } catch {
    throw new ManifestError('it is not JSON, or was truncated');
  }
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}

function fileOf(value: unknown, i: number): ManifestFile {
  const fields = isObject(value) ? value : {};
  const path = readPath(fields);
  if (path === undefined || !isBeneath(path)) {
    throw new ManifestError(
      `file ${i + 1} has no path beneath the directory: ${shown(fields['path'])}`,
    );
  }
  const { sha256, mode, package: owner } = fields;
  if (!isSha256(sha256)) {
    throw new ManifestError(`file ${i + 1} has no SHA-256: ${shown(display(path))}`);
  }
  return {
    path,
    sha256,
    executable: mode === '0755',
    ...(typeof owner === 'string' ? { package: owner } : {}),
  };
}

/** Whether a path is beneath the directory, in the form that "mayexec manifest" writes. */
function isBeneath(path: TreePath): boolean {
  if (path.length > LONGEST_PATH) return false;
  return path.split('/').every((name) => name !== '' && name !== '.' && name !== '..');
}

function mustBeInOrder(files: readonly ManifestFile[]): void {
  let before = '';
  for (const { path } of files) {
    if (path === before) throw new ManifestError(`it has a file twice: ${shown(display(path))}`);
    if (path < before) {
      throw new ManifestError(`its files are not in order: ${shown(display(path))}`);
    }
    before = path;
  }
}

/** A part of the manifest for a message. An attacker may have written it. */
function shown(value: unknown): string {
  const text = typeof value === 'string' ? value : 'none';
  return printable(text.length > 200 ? `${text.slice(0, 200)}…` : text);
}
