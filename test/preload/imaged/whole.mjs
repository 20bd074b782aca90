// What an ES module has of Node, in the entry point and in what it imports.
import * as part from './part.mjs';

const { main, resolve, ...meta } = import.meta;
const late = await import('./part.mjs?late');
const { default: data } = await import('./package.json', { with: { type: 'json' } });
const missing = await import('./missing.mjs').catch(({ code }) => code);
console.log(JSON.stringify({ main, meta, dep: resolve('dep'), part, late, data, missing }));
