/**
 * What openat2(2) does with each path under each rule. Pure data: the same rows
 * run in the test process and in children with mounts of their own.
 *
 * In paths, TREE is the absolute path of `tree`, FD an fd of `tree/file`, and
 * the start, unless `dir` says otherwise, is `tree`. See plant() in
 * fixture.ts for what lies where.
 */
import { constants, type Resolve } from '../../src/index.js';

/** Error classes of the package by name, so that a child can tell them too. */
export type ErrorName =
  | 'FileBusyError'
  | 'FileTypeError'
  | 'InvalidArgumentError'
  | 'NotFoundError'
  | 'PathEscapeError'
  | 'PermissionError'
  | 'ResourceError'
  | 'RetryError'
  | 'SymlinkError'
  | 'SyscallError';

interface Failure {
  readonly opens?: undefined;
  readonly error: ErrorName;
  readonly codes: readonly string[];
  /** What kernels before the change that `title` speaks of say instead. */
  readonly before?: Failure;
}

/** The file that was opened, or the error. */
export type Outcome = { readonly opens: string; readonly error?: undefined } | Failure;

export const opens = (file: string): Outcome => ({ opens: file });
export const fails = (error: ErrorName, ...codes: string[]): Failure => ({ error, codes });

const escapes = fails('PathEscapeError', 'EXDEV');
const loops = fails('SymlinkError', 'ELOOP');
const missing = fails('NotFoundError', 'ENOENT');
const link = constants.O_PATH | constants.O_NOFOLLOW;

export interface ResolveCase {
  readonly title: string;
  readonly path: string;
  readonly resolve: Resolve;
  readonly outcome: Outcome;
  readonly flags?: number;
  /** Where the path starts; relative to the sandbox. Default `tree`. */
  readonly dir?: string;
}

type Row = readonly [
  title: string,
  path: string,
  outcome: Outcome,
  more?: { flags?: number; dir?: string; with?: Resolve },
];

function under(name: string, resolve: Resolve, rows: readonly Row[]): ResolveCase[] {
  return rows.map(([title, path, outcome, { with: others, ...more } = {}]) => ({
    title: `${name}: ${title}`,
    path,
    outcome,
    resolve: { ...resolve, ...others },
    ...more,
  }));
}

export const resolveCases: readonly ResolveCase[] = [
  ...under('without a rule', {}, [
    ['a file opens', 'file', opens('tree/file')],
    ['a directory opens', 'sub', opens('tree/sub')],
    ['a relative link is followed', 'relative', opens('tree/file')],
    ['an absolute link is followed', 'absolute', opens('tree/file')],
    ['links are followed in a chain', 'chained', opens('tree/file')],
    ['a link may lead out', 'escaping', opens('outside')],
    ['a link to a directory is passed through', 'to-sub/file', opens('tree/sub/file')],
    ['.. leads out', '../outside', opens('outside')],
    [
      'an absolute path ignores the directory',
      'TREE/file',
      opens('tree/file'),
      { dir: 'elsewhere' },
    ],
    ['a magic link to an fd is followed', '/proc/self/fd/FD', opens('tree/file')],
    ['a magic link to the program is followed', '/proc/self/exe', opens('/proc/self/exe')],
    ['a magic link to the current directory is followed', '/proc/self/cwd', opens('.')],
    ['a link to itself is ELOOP', 'loop', loops],
    ['40 links are followed', 'links/39', opens('tree/file')],
    ['41 links are ELOOP', 'links/40', loops],
    ['a dangling link is ENOENT', 'dangling', missing],
    ['O_NOFOLLOW refuses a link at the end', 'relative', loops, { flags: constants.O_NOFOLLOW }],
    [
      'O_NOFOLLOW passes a link on the way',
      'to-sub/file',
      opens('tree/sub/file'),
      { flags: constants.O_NOFOLLOW },
    ],
    [
      'O_PATH and O_NOFOLLOW open the link itself',
      'relative',
      opens('tree/relative'),
      { flags: link },
    ],
  ]),
  ...under('noSymlinks', { noSymlinks: true }, [
    ['a file opens', 'sub/file', opens('tree/sub/file')],
    ['.. is no link', 'sub/../file', opens('tree/file')],
    ['.. may lead out', '../outside', opens('outside')],
    ['an absolute path without links opens', 'TREE/file', opens('tree/file')],
    ['a relative link is refused', 'relative', loops],
    ['an absolute link is refused', 'absolute', loops],
    ['a chain is refused', 'chained', loops],
    ['a link on the way is refused', 'to-sub/file', loops],
    ['a link with a slash behind it is refused', 'to-sub/', loops],
    ['a dangling link is refused before it dangles', 'dangling', loops],
    ['a magic link is refused', '/proc/self/fd/FD', loops],
    ['/proc/self is a link like any other', '/proc/self/status', loops],
    [
      'O_PATH and O_NOFOLLOW open the link itself',
      'relative',
      opens('tree/relative'),
      { flags: link },
    ],
    ['O_PATH and O_NOFOLLOW do not help a link on the way', 'to-sub/file', loops, { flags: link }],
  ]),
  ...under('noMagiclinks', { noMagiclinks: true }, [
    ['ordinary links are followed', 'chained', opens('tree/file')],
    ['/proc/self is no magic link', '/proc/self/../version', opens('/proc/version')],
    ['that of an fd is refused', '/proc/self/fd/FD', loops],
    ['that of an fd is refused in mid-path', '/proc/self/cwd/.', loops],
    ['that of the program is refused', '/proc/self/exe', loops],
    ['that of the current directory is refused', '/proc/self/cwd', loops],
    ['that of the root is refused', '/proc/self/root', loops],
    ['that of a namespace is refused', '/proc/self/ns/mnt', loops],
    ['one behind an ordinary link is refused', 'to-magic', loops],
    [
      'O_PATH and O_NOFOLLOW open the link itself',
      '/proc/self/fd/FD',
      opens('/proc/self/fd/FD'),
      { flags: link },
    ],
  ]),
  ...under('beneath', { beneath: true }, [
    ['a file opens', 'sub/file', opens('tree/sub/file')],
    ['the directory itself opens', '.', opens('tree')],
    ['.. within opens', 'sub/../file', opens('tree/file')],
    ['a relative link within is followed', 'relative', opens('tree/file')],
    ['a chain within is followed', 'chained', opens('tree/file')],
    ['a link with .. within is followed', 'sub/back', opens('tree/file')],
    ['.. is refused', '..', escapes],
    ['.. out and in again is refused', '../tree/file', escapes],
    ['.. too often is refused', 'sub/../../tree/file', escapes],
    ['an absolute path is refused, even to within', 'TREE/file', escapes],
    ['/ is refused', '/', escapes],
    ['an absolute link is refused, even to within', 'absolute', escapes],
    ['a link out is refused', 'escaping', escapes],
    ['a link to .. is refused', 'to-parent/tree/file', escapes],
    ['a chain out is refused at its end', 'chained-out', escapes],
    [
      'a link out is opened by O_PATH and O_NOFOLLOW',
      'escaping',
      opens('tree/escaping'),
      { flags: link },
    ],
    ['a magic link is refused', 'FD', escapes, { dir: '/proc/self/fd' }],
    ['that of the program is refused', 'exe', escapes, { dir: '/proc/self' }],
    ['that of the current directory is refused', 'cwd', escapes, { dir: '/proc/self' }],
    [
      'a magic link is ELOOP with noMagiclinks',
      'FD',
      loops,
      { dir: '/proc/self/fd', with: { noMagiclinks: true } },
    ],
    ['any link is ELOOP with noSymlinks', 'escaping', loops, { with: { noSymlinks: true } }],
    ['a missing file is ENOENT', 'nothing', missing],
    ['a missing file outside is refused all the same', '../nothing', escapes],
  ]),
  ...under('inRoot', { inRoot: true }, [
    ['a file opens', 'sub/file', opens('tree/sub/file')],
    ['/ is the directory', '/', opens('tree')],
    ['an absolute path starts at the directory', '/sub/file', opens('tree/sub/file')],
    ['the real absolute path is not there', 'TREE/file', missing],
    ['.. ends at the directory', '..', opens('tree')],
    ['.. too often ends at the directory', '../../../file', opens('tree/file')],
    ['/.. ends at the directory', '/../sub/../../file', opens('tree/file')],
    ['a relative link is followed', 'chained', opens('tree/file')],
    ['an absolute link starts at the directory', 'absolute-in-root', opens('tree/sub/file')],
    ['an absolute link to the real path finds nothing', 'absolute', missing],
    ['a link out ends within, where nothing is', 'escaping', missing],
    ['a link to .. ends at the directory', 'to-parent/file', opens('tree/file')],
    ['a magic link is refused', 'FD', escapes, { dir: '/proc/self/fd' }],
    ['that of the program is refused', 'exe', escapes, { dir: '/proc/self' }],
    ['that of the root is refused', 'root', escapes, { dir: '/proc/self' }],
    [
      'any link is ELOOP with noSymlinks',
      'absolute-in-root',
      loops,
      { with: { noSymlinks: true } },
    ],
    [
      'together with beneath it is EINVAL',
      'file',
      fails('InvalidArgumentError', 'EINVAL'),
      { with: { beneath: true } },
    ],
  ]),
  ...under('noXdev', { noXdev: true }, [
    ['a file of the same mount opens', 'sub/file', opens('tree/sub/file')],
    ['.. within a mount is free', 'sub/../file', opens('tree/file')],
    ['links within a mount are free', 'chained', opens('tree/file')],
    ['the way into /proc is refused', '/proc/version', escapes, { dir: '/' }],
    ['within /proc is free', 'version', opens('/proc/version'), { dir: '/proc' }],
    ['.. out of /proc is refused', '..', escapes, { dir: '/proc' }],
    ['a magic link to another mount is refused', 'FD', escapes, { dir: '/proc/self/fd' }],
    ['a magic link within /proc is free', 'self/fd/PROC', opens('/proc'), { dir: '/proc' }],
  ]),
  ...under(
    'every rule but inRoot',
    { beneath: true, noSymlinks: true, noMagiclinks: true, noXdev: true },
    [
      ['a plain path opens', 'sub/../sub/file', opens('tree/sub/file')],
      ['a link is ELOOP', 'relative', loops],
      ['.. is EXDEV', '../outside', escapes],
    ],
  ),
];

/** With RESOLVE_CACHED; each file was looked up just before. */
export const cachedCases: readonly ResolveCase[] = under('cached', { cached: true }, [
  ['a file that was just looked up opens', 'sub/file', opens('tree/sub/file')],
  ['a directory that was just looked up opens', 'sub', opens('tree/sub')],
  [
    'together with beneath it opens',
    'sub/../file',
    opens('tree/file'),
    { with: { beneath: true } },
  ],
  ['together with noSymlinks a link is ELOOP', 'relative', loops, { with: { noSymlinks: true } }],
]);

/** In a mount namespace where `mounts` holds what mountScript() mounts. */
export const mountCases: readonly ResolveCase[] = [
  ...under('without a rule', {}, [
    ['a mount is crossed', 'tmpfs/file', opens('mounts/tmpfs/file'), { dir: 'mounts' }],
    ['a bind mount is crossed', 'bind/file', opens('mounts/source/file'), { dir: 'mounts' }],
  ]),
  ...under('noXdev', { noXdev: true }, [
    ['the way into a mount is refused', 'tmpfs/file', escapes, { dir: 'mounts' }],
    ['a mount point itself is refused', 'tmpfs', escapes, { dir: 'mounts' }],
    ['it is refused for O_PATH too', 'tmpfs', escapes, { dir: 'mounts', flags: constants.O_PATH }],
    ['within a mount is free', 'sub/file', opens('mounts/tmpfs/sub/file'), { dir: 'mounts/tmpfs' }],
    [
      '.. within a mount is free',
      'sub/../file',
      opens('mounts/tmpfs/file'),
      { dir: 'mounts/tmpfs' },
    ],
    ['.. out of a mount is refused', '../plain', escapes, { dir: 'mounts/tmpfs' }],
    ['a link out of a mount is refused', 'out', escapes, { dir: 'mounts/tmpfs' }],
    ['an absolute link out of a mount is refused', 'to-root', escapes, { dir: 'mounts/tmpfs' }],
    ['in and out again is refused', 'tmpfs/../plain', escapes, { dir: 'mounts' }],
    [
      'a bind mount of the same file system is a mount too',
      'bind/file',
      escapes,
      { dir: 'mounts' },
    ],
    ['so is that of a single file', 'bound-file', escapes, { dir: 'mounts' }],
    [
      'what was bound opens at its own place',
      'source/file',
      opens('mounts/source/file'),
      { dir: 'mounts' },
    ],
    ['a file beside the mounts opens', 'plain', opens('mounts/plain'), { dir: 'mounts' }],
  ]),
  ...under('beneath', { beneath: true }, [
    [
      'a mount is crossed downwards',
      'tmpfs/sub/file',
      opens('mounts/tmpfs/sub/file'),
      { dir: 'mounts' },
    ],
    ['.. out of a mount below is free', 'tmpfs/../plain', opens('mounts/plain'), { dir: 'mounts' }],
    [
      '.. out of a mount that is the directory is refused',
      '../plain',
      escapes,
      { dir: 'mounts/tmpfs' },
    ],
    ['a bind mount is crossed', 'bind/file', opens('mounts/source/file'), { dir: 'mounts' }],
  ]),
  ...under('inRoot', { inRoot: true }, [
    ['a mount is crossed downwards', '/tmpfs/file', opens('mounts/tmpfs/file'), { dir: 'mounts' }],
    [
      '.. ends at the root of a mount',
      '../../sub/file',
      opens('mounts/tmpfs/sub/file'),
      { dir: 'mounts/tmpfs' },
    ],
    [
      'an absolute link in a mount starts at the directory',
      'tmpfs/to-plain',
      opens('mounts/plain'),
      { dir: 'mounts' },
    ],
  ]),
];

/** sh, in the directory `mounts` of the sandbox: plain, source/file and empty mount points are there. */
export const mountScript = `
  mount -t tmpfs tmpfs tmpfs
  mkdir tmpfs/sub
  echo file > tmpfs/file
  echo file > tmpfs/sub/file
  ln -s ../plain tmpfs/out
  ln -s / tmpfs/to-root
  ln -s /plain tmpfs/to-plain
  mount --bind source bind
  mount --bind source/file bound-file
  mount -t tmpfs -o nr_inodes=2 tmpfs full
  echo file > full/file
  mount -t tmpfs tmpfs read-only
  echo file > read-only/file
  mount -o remount,ro read-only`;
/** More of them, with devices: only root of the machine may make one. */
export const deviceScript = `${mountScript}
  mount -t tmpfs -o nodev tmpfs nodev
  mknod nodev/null c 1 3
  mknod tmpfs/no-driver c 60 0`;
export const mountPoints = ['tmpfs', 'bind', 'nodev', 'full', 'read-only'] as const;
