import { m } from './source-phase.mjs';
import { ran } from './ran.mjs';
new WebAssembly.Instance(m, { './ran.mjs': { ran } });
