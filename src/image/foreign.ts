import { ownEngine } from './bytecode.js';
import type { Meta } from './format.js';

/** Why this Node cannot use an image, in words. Undefined when it can use it. */
export function whyForeign({ engine }: Meta): string | undefined {
  if (engine === null) return undefined;
  const own = ownEngine();
  for (const name of ['node', 'v8', 'arch'] as const) {
    if (engine[name] === own[name]) continue;
    return `it was made for Node ${engine.node} (V8 ${engine.v8}, ${engine.arch}), and this is Node ${own.node} (V8 ${own.v8}, ${own.arch})`;
  }
  return undefined;
}
