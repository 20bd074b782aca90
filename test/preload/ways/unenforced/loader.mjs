import { createRequire } from 'node:module';

// What a loader is made of: modules of both kinds, JSON, and what it is told.
import { replacement } from './replacement.mjs';

const { suffix } = createRequire(import.meta.url)('./suffix.cjs');
let told;

export function initialize(data) {
  told = data;
}

export function resolve(specifier, context, nextResolve) {
  return nextResolve(specifier === 'virtual' ? './target.mjs' : specifier, context);
}

export async function load(url, context, nextLoad) {
  const result = await nextLoad(url, context);
  if (!url.endsWith(suffix)) return result;
  return { ...result, source: `export default ${JSON.stringify(replacement + told)}` };
}
