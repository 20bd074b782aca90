import { createRequire } from 'node:module';

const { main, resolve, ...own } = import.meta;
const said = 'of the text';
const { default: plain } = await import('./plain.cjs');

export { main, own, plain, said };
export const lines = new Error('here').stack.split('\n').slice(0, 2);
export const required = createRequire(import.meta.url)('./plain.cjs');
export const found = resolve('./part.mjs');
