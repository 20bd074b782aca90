// A hook that tells Node which files are TypeScript.
import { createRequire, registerHooks } from 'node:module';

registerHooks({
  load(url, context, nextLoad) {
    const result = nextLoad(url, context);
    if (!url.includes('typed')) return result;
    const format = url.endsWith('.mjs') ? 'module-typescript' : 'commonjs-typescript';
    return { ...result, format };
  },
});
const { said } = createRequire(import.meta.url)('./typed.cjs');
const { text } = await import('./typed.mjs');
if (said === text) console.log('RAN');
