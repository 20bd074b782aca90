import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

const O_ACCMODE = 3;
const O_WRONLY = 1;

function isReadable(fd: string): boolean {
  const [, flags = '0'] =
    /^flags:\s*(\d+)$/m.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8')) ?? [];
  return (parseInt(flags, 8) & O_ACCMODE) !== O_WRONLY;
}

/**
 * Whether Node has opened an fd itself. Node takes the lowest free numbers, so the operator may
 * name one by mistake. Node's own are an epoll and the like, and pipes of which it has both ends.
 * False without /proc.
 */
export function isNodesOwn(fd: number): boolean {
  try {
    const link = readlinkSync(`/proc/self/fd/${fd}`);
    if (link.startsWith('anon_inode:')) return true;
    if (!link.startsWith('pipe:')) return false;
    return readdirSync('/proc/self/fd').some((other) => leadsTo(other, link) && isReadable(other));
  } catch {
    return false;
  }
}

/**
 * Whether an fd leads there. The list also has the fd by which it was read, which is closed now.
 */
function leadsTo(fd: string, link: string): boolean {
  try {
    return readlinkSync(`/proc/self/fd/${fd}`) === link;
  } catch {
    return false;
  }
}
