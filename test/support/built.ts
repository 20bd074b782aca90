import { fileURLToPath } from 'node:url';

/** The path of a file of this checkout. */
const inCheckout = (path: string): string =>
  fileURLToPath(new URL(`../../${path}`, import.meta.url));

/** The command `mayexec`. */
export const command = inCheckout('dist/cli.cjs');
export const preload = inCheckout('dist/register.cjs');
/** `mayexec-run`. */
export const launcher = inCheckout('build/Release/mayexec-run');
export const addon = inCheckout('build/Release/mayexec.node');
/** The package, as require() finds it. */
export const api = inCheckout('dist/index.cjs');
