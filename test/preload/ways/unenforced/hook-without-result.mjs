import { registerHooks } from 'node:module';

registerHooks({
  load: (url, context, nextLoad) => (url.endsWith('/a.mjs') ? undefined : nextLoad(url, context)),
});
await import('./a.mjs').catch(({ name, code }) => console.log(name, code));
