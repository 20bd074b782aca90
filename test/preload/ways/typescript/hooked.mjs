// A hook tells Node which files are TypeScript.
import { createRequire, registerHooks } from 'node:module';

const formats = { mjs: 'module-typescript', cjs: 'commonjs-typescript', js: 'typescript' };
registerHooks({
  load(url, context, nextLoad) {
    const result = nextLoad(url, context);
    return url.includes('/hooked.') ? result : { ...result, format: formats[url.split('.').pop()] };
  },
});
const require = createRequire(import.meta.url);
for (const load of [
  () => import('./typed.mjs'),
  () => import('./typed.cjs'),
  () => require('./typed.cjs'),
  () => require('./typed.js'),
  () => import('./enumerated.mjs'),
  () => require('./enumerated.cjs'),
]) {
  try {
    const { said, default: other } = await load();
    console.log(said ?? other.said);
  } catch (error) {
    console.log(error.name, error.code, error.message);
  }
}
