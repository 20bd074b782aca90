import { createRequire } from 'node:module';
import { isMainThread } from 'node:worker_threads';

import { checkInteractive } from '../interactive.js';
import { enforce, interactiveIsDenied } from './enforcement.js';
import { reflectApply } from './primordials.js';

interface InspectorExports {
  open: (...args: unknown[]) => unknown;
}

/**
 * A debugger that attaches runs what somebody types. Started by the program, by
 * inspector.open, it is asked about; by SIGUSR1, from outside, it is not opened
 * where interactive code is denied: Node opens it unless the signal is handled.
 */
export function installInspector(): void {
  if (process.features.inspector) {
    const inspector = createRequire(import.meta.url)('node:inspector') as InspectorExports;
    const { open } = inspector;
    inspector.open = function (...args: unknown[]): unknown {
      checkInteractive({ enforce });
      return reflectApply(open, this, args);
    };
  }
  if (isMainThread && interactiveIsDenied()) process.on('SIGUSR1', () => undefined);
}
