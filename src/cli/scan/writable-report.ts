import { closeSync } from 'node:fs';

import { exitStatus } from '../exit-status.js';
import { table } from '../table.js';
import { warnUnexamined } from '../report/findings.js';
import { amount, print, printable, printJson, quotedPath, styled } from '../terminal.js';
import { openRoot, pathOfFd } from '../tree/open.js';
import { becomeUser, type ServiceUser } from './service-user.js';
import { scanWritable, type Way, type Writable, type WritableScan } from './writable.js';

/** How many findings are shown without --all. */
const SHOWN = 20;

const MEANINGS: Readonly<Record<Way, string>> = {
  owner: 'the user owns it, and can change its mode',
  group: 'a group of the user may write it',
  others: 'everybody may write it',
  acl: 'an access control list, or a capability, lets the user write it',
};

const HELP: Readonly<Record<Way, (path: string, all: string) => string>> = {
  owner: (path, all) => `chown ${all}root ${path}`,
  group: (path, all) => `chmod ${all}g-w ${path}`,
  others: (path, all) => `chmod ${all}o-w ${path}`,
  acl: (path, all) => `setfacl ${all}-b ${path}`,
};

const WAYS = Object.keys(MEANINGS) as Way[];

/** What the tree is in has an absolute path. */
const isAbove = ({ path }: Writable): boolean => path.startsWith('/');

/** A row for each way into the tree, and one for each directory that the tree is in. */
function rowsOf(found: readonly Writable[], root: string): (string | number)[][] {
  const within = WAYS.flatMap((way) => {
    const these = found.filter((one) => one.way === way && !isAbove(one));
    const files = these.filter(({ type }) => type === 'file').length;
    if (these.length === 0) return [];
    return [[way, files, these.length - files, MEANINGS[way], HELP[way](root, '-R ')]];
  });
  const above = found
    .filter(isAbove)
    .map(({ path, way }) => [way, 0, 1, MEANINGS[way], HELP[way](printable(quotedPath(path)), '')]);
  return [...above, ...within];
}

function tell(scan: WritableScan, { uid }: ServiceUser, directory: string, all: boolean): void {
  const { found, code, files } = scan;
  const seen = `${amount(code, 'file')} of code among ${amount(files, 'file')} in ${printable(directory)}`;
  if (found.length === 0) {
    print(`${styled('green', `uid ${uid} can write nothing that it can have executed`)}: ${seen}`);
    return;
  }
  print(
    `${styled('red', `uid ${uid} can write ${amount(found.length, 'thing')} and have it executed`)}: ${seen}`,
  );
  print();
  const rows = rowsOf(found, printable(quotedPath(directory)));
  print(table(rows, ['way', 'files', 'directories', 'meaning', 'what helps']));
  print();
  const shown = all ? found : found.slice(0, SHOWN);
  print(
    table(
      shown.map(({ path, type, way }) => [printable(path), type, way]),
      ['path', 'type', 'way'],
    ),
  );
  const more = found.length - shown.length;
  if (more > 0) print(`and ${amount(more, 'other')}; --all lists every one`);
}

/** `mayexec scan --wx`. Returns the exit status. Throws the errors of becomeUser. */
export async function reportWritable(
  directory: string,
  options: { user?: string; json?: boolean; all?: boolean; ext?: readonly string[] },
): Promise<number> {
  const root = openRoot(directory);
  try {
    const at = pathOfFd(root);
    const user = becomeUser(options.user);
    const scan = await scanWritable(root, at, user, options.ext ?? []);
    if (options.json === true) printJson({ root: directory, user, ...scan });
    else tell(scan, user, directory, options.all === true);
    warnUnexamined(scan.unexamined);
    if (scan.unexamined.length > 0) return exitStatus.failure;
    return scan.found.length > 0 ? exitStatus.findings : exitStatus.ok;
  } finally {
    closeSync(root);
  }
}
