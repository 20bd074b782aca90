import { fix } from '../denial-advice.js';
import type { DenialReason } from '../verdict.js';
import { quoted } from './terminal.js';

/** What would change the verdict about a path, as a command that can be pasted where there is one. */
export function advice(
  reason: DenialReason,
  path: string,
  mountPoint?: () => string | undefined,
): string {
  // Whoever made the file chose its name, which could look like an option.
  const file = quoted(path.startsWith('-') ? `./${path}` : path);
  const mount = reason === 'noexec-mount' ? mountPoint?.() : undefined;
  return fix(reason, file, mount === undefined ? undefined : quoted(mount));
}
