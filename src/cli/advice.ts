import { fix, type Place } from '../denial-advice.js';
import type { DenialReason } from '../verdict.js';
import { quoted } from './terminal.js';

/** How to change the verdict about a path, as a command to paste if there is one. */
export function advice(reason: DenialReason, path: string, placeOf?: () => Place): string {
  // The name of the file could look like an option.
  const file = quoted(path.startsWith('-') ? `./${path}` : path);
  const { mount, ...place } = placeOf?.() ?? {};
  return fix(reason, file, { ...place, mount: mount === undefined ? undefined : quoted(mount) });
}
