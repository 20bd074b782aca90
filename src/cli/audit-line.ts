import { posix } from 'node:path';

import { parseObject } from './json-object.js';
import { packageFolder } from './tree/owner.js';

/** A verdict in an audit log; docs/cli.md. */
export interface AuditLine {
  /** The function that asked; `start` when a start is refused. */
  readonly operation?: string;
  readonly allowed: boolean | null;
  readonly denied: boolean;
  /** Whether both securebits would refuse it. Absent in a log of an older mayexec. */
  readonly wouldDeny?: boolean;
  /** The gate, when the verdict is about one. */
  readonly gate?: string;
  /** The option of Node, when the verdict is about one. */
  readonly option?: string;
  /**
   * The variable that `mayexec run` removes. With an option, it removes only that option from the
   * variable.
   */
  readonly variable?: string;
  /** The reason, when the verdict is about no file. */
  readonly why?: string;
  readonly reason?: string;
  readonly errno?: string;
  readonly path?: string;
  readonly importer?: string;
  /** The hash of the file. */
  readonly sha256?: string;
  readonly time?: string;
  readonly host?: string;
  readonly program?: string;
  /** name@version */
  readonly package?: string;
  readonly mechanism?: string;
}

/**
 * Whether it was refused, or would be. A log of an older mayexec does not say whether a file is
 * data, so there every file counts that the check did not allow.
 */
export function isRefusal({ denied, wouldDeny, allowed }: AuditLine): boolean {
  return denied || (wouldDeny ?? allowed !== true);
}

/** The cause of a denial. docs/fleet.md lists the causes that are not a reason of the kernel's. */
export function causeIn(line: AuditLine): string {
  const { reason, gate, option, variable, path, errno, operation } = line;
  if (reason !== undefined) return reason;
  if (gate !== undefined) return 'gate';
  if (option !== undefined || variable !== undefined) return 'option';
  if (path === undefined) return operation === 'start' ? 'start' : 'no-file';
  return errno ?? 'none';
}

/** In the place of a package, where a record is about no file. */
export const NO_FILE = '(no file)';

/** The package of a record's file. A log of an older mayexec has none, so then the path decides. */
export function packageIn({ package: named, path }: AuditLine): string {
  if (path === undefined) return NO_FILE;
  return named ?? packageFolder(posix.dirname(path)) ?? '(no package)';
}

const STRINGS = [
  'operation',
  'gate',
  'option',
  'variable',
  'why',
  'reason',
  'errno',
  'path',
  'importer',
  'sha256',
  'time',
  'host',
  'program',
  'package',
  'mechanism',
] as const;

/**
 * What a line says: a verdict, how many verdicts were lost before it, or nothing but what another
 * line says, too. Undefined for a line that cannot be read: truncated, or of another kind.
 */
export type Said = AuditLine | number | 'aside' | undefined;

/** Reads one line of a log. */
export function readLine(line: string): Said {
  const found = parseObject(line);
  if (found === undefined) return undefined;
  const { dropped } = found;
  if (dropped !== undefined) return isLoss(dropped) ? dropped : undefined;
  if (!isVerdict(found)) return undefined;
  return isAside(found) ? 'aside' : found;
}

/** Another number would hide its line, or cancel what another log has lost. */
function isLoss(dropped: unknown): dropped is number {
  return Number.isSafeInteger(dropped) && (dropped as number) > 0;
}

/** Checks that each known field is absent or has the right type. */
function isVerdict(found: Record<string, unknown>): found is Record<string, unknown> & AuditLine {
  const { allowed, denied } = found;
  if ((typeof allowed !== 'boolean' && allowed !== null) || typeof denied !== 'boolean')
    return false;
  // A refusal without it would look like a permission.
  if ('wouldDeny' in found && typeof found['wouldDeny'] !== 'boolean') return false;
  for (const name of STRINGS) {
    if (name in found && typeof found[name] !== 'string') Reflect.deleteProperty(found, name);
  }
  return true;
}

/**
 * Whether a record only adds to another one. The start of a program does: a refusal of it has its
 * own record. The text of standard input does: the record of its fd has the verdict.
 */
function isAside(found: Record<string, unknown>): boolean {
  const { origin } = found;
  return origin === 'child-process' || (origin === 'stdin' && !('dev' in found));
}
