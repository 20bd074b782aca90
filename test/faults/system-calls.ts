/** The system calls of the faults, by number on x86_64 and on arm64. */
export const NUMBERS = {
  openat2: [437, 437],
  execveat: [322, 281],
  pread64: [17, 67],
  prctl: [157, 167],
  unshare: [272, 97],
  fstatfs: [138, 44],
  capget: [125, 90],
  fgetxattr: [193, 10],
  fstat: [5, 80],
  newfstatat: [262, 79],
  openat: [257, 56],
  faccessat2: [439, 439],
  faccessat: [269, 48],
  getgroups: [115, 158],
  landlock_create_ruleset: [444, 444],
  landlock_add_rule: [445, 445],
  landlock_restrict_self: [446, 446],
  fcntl: [72, 25],
  dup3: [292, 24],
  flock: [73, 32],
  socket: [41, 198],
  connect: [42, 203],
  execve: [59, 221],
  getdents64: [217, 61],
  mmap: [9, 222],
  clone: [56, 220],
  clone3: [435, 435],
  pidfd_open: [434, 434],
  ioctl: [16, 29],
} as const;
export type Syscall = keyof typeof NUMBERS;

/** System calls that no fault has, each with the reason. */
export const WITHOUT_FAULT = {
  close: [[3, 57], 'the kernel closes the fd even when it reports an error, and a filter cannot'],
  munmap: [[11, 215], 'it fails only for arguments that are wrong'],
  madvise: [[28, 233], 'no answer changes anything'],
  geteuid: [[107, 175], 'it cannot fail'],
  getuid: [[102, 174], 'it cannot fail'],
  getegid: [[108, 177], 'it cannot fail'],
  getgid: [[104, 176], 'it cannot fail'],
  uname: [[63, 160], 'it fails only for arguments that are wrong'],
  chdir: [[80, 49], 'no answer changes anything'],
  rt_sigaction: [[13, 134], 'it fails only for arguments that are wrong'],
  rt_sigprocmask: [[14, 135], 'it fails only for arguments that are wrong'],
  sched_getaffinity: [[204, 123], 'no answer changes more than how a thread waits'],
  wait4: [[61, 260], 'it waits for a child that is there'],
  futex: [[202, 98], 'each answer means the same: look again'],
  sched_yield: [[24, 124], 'it cannot fail; a lock of the sanitizer waits so, too'],
  clock_nanosleep: [[230, 115], 'an answer that comes early means: ask earlier'],
  read: [[0, 63], "libuv's: its loop wakes up"],
  write: [[1, 64], "libuv's: its loop is woken"],
  epoll_pwait: [[281, 22], "libuv's: its loop waits"],
  epoll_ctl: [[233, 21], "libuv's: its loop"],
  brk: [[12, 214], "libc's: memory"],
  mprotect: [[10, 226], "libc's and V8's: memory"],
  rseq: [[334, 293], "libc's: a thread starts"],
  set_robust_list: [[273, 99], "libc's: a thread starts"],
  exit: [[60, 93], "libc's: a thread ends"],
  getpid: [[39, 172], "libuv's: its pool starts"],
  gettid: [[186, 178], 'it cannot fail'],
  tgkill: [[234, 131], 'no answer but ESRCH changes anything'],
  readlink: [[89, 78], "Node's: probe looks for an emulator in /proc"],
  pwrite64: [[18, 68], "the test's own: it stops to watch"],
} as const;

export const ARCH = process.arch === 'arm64' ? 1 : 0;

const names = new Map<number, string>();
for (const [name, numbers] of Object.entries(NUMBERS)) names.set(numbers[ARCH], name);
for (const [name, [numbers]] of Object.entries(WITHOUT_FAULT)) names.set(numbers[ARCH], name);

export const nameOf = (nr: number): string => names.get(nr) ?? `system call ${nr}`;
