import { statSync } from 'node:fs';

interface Options {
  fromAudit?: string[];
  lockfile?: string | true;
}

/** The directory, when it follows several logs, or --lockfile without a file. Takes it from there. */
export function takeDirectory(options: Options): string | undefined {
  const { fromAudit = [], lockfile } = options;
  if (fromAudit.length > 1) return fromAudit.pop();
  if (typeof lockfile !== 'string') return undefined;
  if (statSync(lockfile, { throwIfNoEntry: false })?.isDirectory() !== true) return undefined;
  options.lockfile = true;
  return lockfile;
}
