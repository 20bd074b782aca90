/** The path of a file's URL, without parsing most of them, and always with Node's own answer. */
import { fileURLToPath, pathToFileURL } from 'node:url';

import { describe, expect, test } from 'vitest';

import { pathOfFileUrl } from '../../src/preload/lib/file-url.js';
import { generator } from '../fuzz/random.mjs';

/** What a function returns or throws. */
function outcome(run: () => string): string {
  try {
    return run();
  } catch (error) {
    return `${(error as NodeJS.ErrnoException).code}: ${(error as Error).message}`;
  }
}

const URLS = [
  'file:///srv/app/index.js',
  'file:///srv/app/node_modules/@scope/package/dist/x.cjs',
  'file:///srv/node_modules/.pnpm/a@1.0.0/node_modules/a/.hidden',
  'file:///',
  'file:////srv/x',
  'file:///srv//x',
  'file:///srv/./x',
  'file:///srv/../x',
  'file:///srv/.',
  'file:///srv/..',
  'file:///srv/...',
  'file:///srv/a..b/..c/d..',
  'file:///srv/%2e%2e/x',
  'file:///srv/%41',
  'file:///srv/100%',
  'file:///srv/a%2Fb',
  'file:///srv/a b',
  ' file:///srv/x',
  'file:///srv/x ',
  'file:///srv/\tx\n',
  'file:///srv\\..\\x',
  'file:///srv/x?query',
  'file:///srv/x#fragment',
  'file:///c:/x',
  'file:///c|/x',
  'file:///c:/../x',
  'file:///srv/é',
  'file:///srv/%C3%A9',
  'file:///srv/\ud800',
  'file:///srv/\0',
  "file:///srv/a'(b)!*~;,:&=+$",
  'file:///srv/[x]^{y}`|"<z>',
  'file://localhost/srv/x',
  'file://host/srv/x',
  'file:/srv/x',
  'file:srv/x',
  'FILE:///srv/x',
  'file://',
  'http://host/srv/x',
  '/srv/x',
  '',
];

describe('the path of a URL is that of fileURLToPath', () => {
  test.for(URLS)('%j', (url) => {
    expect(outcome(() => pathOfFileUrl(url))).toBe(outcome(() => fileURLToPath(url)));
  });

  test('of 20,000 URLs of random pieces', () => {
    const numbers = generator(1);
    const pieces = [
      ...'aZ0/.-_@%?#\\ ~:|\t\u00e9\ud800'.split(''),
      '..',
      '/./',
      '/../',
      '%2e',
      '//',
      'src',
    ];
    for (let i = 0; i < 20_000; i++) {
      const url = `file://${Array.from({ length: numbers.below(8) }, () => numbers.pick(pieces)).join('')}`;
      expect(
        outcome(() => pathOfFileUrl(url)),
        url,
      ).toBe(outcome(() => fileURLToPath(url)));
    }
  });

  test('of the URL that Node makes of any path', () => {
    const numbers = generator(2);
    const pieces = [...'aZ/.-@%?#\\ ~:|\u00e9'.split(''), '..', '.pnpm', 'node_modules'];
    for (let i = 0; i < 5_000; i++) {
      const path = `/${Array.from({ length: numbers.below(12) }, () => numbers.pick(pieces)).join('')}`;
      const { href } = pathToFileURL(path);
      expect(pathOfFileUrl(href), path).toBe(fileURLToPath(href));
    }
  });
});
