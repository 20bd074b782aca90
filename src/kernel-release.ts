interface Os {
  release: () => string;
}

/** As uname(2) gives it. Loads node:os, which takes time, only for those who are told. */
export function kernelRelease(): string {
  return (process.getBuiltinModule('node:os') as Os).release();
}
