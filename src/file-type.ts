/** inode(7): the bits of `st_mode` that say what a file is. */
const S_IFMT = 0o170000;
const S_IFIFO = 0o010000;
const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;
const S_IFLNK = 0o120000;
const S_IFSOCK = 0o140000;

export interface OpenFile {
  readonly fd: number;
  /** `st_mode`. */
  readonly mode: number;
}

interface Tty {
  isatty: (fd: number) => boolean;
}

export function isRegularFile(mode: number): boolean {
  return (mode & S_IFMT) === S_IFREG;
}

export function isDirectory(mode: number): boolean {
  return (mode & S_IFMT) === S_IFDIR;
}

/** Names the type of a file that is not regular, for messages. */
export function fileTypeName({ fd, mode }: OpenFile): string {
  switch (mode & S_IFMT) {
    case S_IFDIR:
      return 'a directory';
    case S_IFIFO:
      return 'a pipe';
    case S_IFSOCK:
      return 'a socket';
    case S_IFLNK:
      return 'a symbolic link';
    default:
      return isatty(fd) ? 'a terminal' : 'a device';
  }
}

/** Loads node:tty only after a refusal. */
function isatty(fd: number): boolean {
  return (process.getBuiltinModule('node:tty') as Tty).isatty(fd);
}
