import { fix, type Place } from '../denial-advice.js';
import type { DenialReason } from '../verdict.js';
import { quoted, quotedPath } from './terminal.js';

/** How to change the verdict about a path, as a command to paste if there is one. */
export function advice(reason: DenialReason, path: string, placeOf?: () => Place): string {
  const { mount, ...place } = placeOf?.() ?? {};
  return fix(reason, quotedPath(path), {
    ...place,
    mount: mount === undefined ? undefined : quoted(mount),
  });
}
