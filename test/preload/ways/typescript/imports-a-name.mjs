// A hook that asks for the same file by a name that is more than one line.
import { registerHooks } from 'node:module';
const code = `?\nprocess.getBuiltinModule('fs').writeSync(1, 'RAN\\n');//`;
const isTyped = (url) => url.endsWith('.cts') || url.endsWith('.mts');
registerHooks({ load: (url, context, next) => next(isTyped(url) ? url + code : url, context) });
await import('./types.cts');
await import('./types.mts');
