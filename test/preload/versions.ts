import { fileURLToPath } from 'node:url';

/** The Node versions on which the preload is tested, each from its npm package. */
export const MAJORS = [22, 24, 26] as const;
export type Major = (typeof MAJORS)[number];

export function nodeBinary(major: Major | 20): string {
  return fileURLToPath(new URL(`../../node_modules/node-${major}/bin/node`, import.meta.url));
}

export const preload = fileURLToPath(new URL('../../dist/register.cjs', import.meta.url));
