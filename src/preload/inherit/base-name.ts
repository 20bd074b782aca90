import { StringPrototypeCharAt, StringPrototypeSlice } from '../lib/primordials.js';

/** The last part of a path. */
export function baseName(path: string): string {
  let from = 0;
  for (let i = 0; i < path.length; i++) if (StringPrototypeCharAt(path, i) === '/') from = i + 1;
  return StringPrototypeSlice(path, from);
}
