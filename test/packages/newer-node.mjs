import { join } from 'node:path';

/** The Node 24 of the checkout. */
export const newerNode = join(import.meta.dirname, '../../node_modules/node-24/bin/node');
