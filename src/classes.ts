/*
 * What the package exports beside functions. An import evaluates only this, because the first call
 * of a function loads the functions (bundle.mjs).
 */
export { constants } from './constants.js';
export * from './errors.js';
export { ExecFile } from './exec-file.js';
