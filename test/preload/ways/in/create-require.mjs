import { createRequire } from 'node:module';
createRequire(import.meta.url)('./dropped.cjs');
