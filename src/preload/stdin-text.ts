import { publish } from '../audit.js';
import { digestOfText } from '../digest.js';
import type { Verdict } from '../verdict.js';
import { plainProperty } from './lib/plain-property.js';
import { ObjectDefineProperty } from './lib/primordials.js';
import { isAudited } from './settings.js';

/**
 * Adds the text of standard input to the audit. The verdict came before the text was read. Node
 * stores the text in process._eval right before it runs it.
 */
export function tellOfStdinText(verdict: Verdict): void {
  if (!isAudited) return;
  ObjectDefineProperty(process, '_eval', {
    __proto__: null,
    configurable: true,
    enumerable: true,
    get: () => undefined,
    set(text: unknown) {
      ObjectDefineProperty(process, '_eval', plainProperty(text));
      if (typeof text !== 'string') return;
      publish(() => {
        const sha256 = digestOfText(text);
        return {
          operation: 'checkInteractive',
          origin: 'stdin',
          verdict,
          denied: false,
          wouldDeny: verdict.allowed !== true,
          text,
          ...(sha256 === undefined ? {} : { sha256 }),
        };
      });
    },
  } as PropertyDescriptor);
}
