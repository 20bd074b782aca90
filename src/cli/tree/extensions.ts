import { InvalidArgumentError, Option } from 'commander';

import { display, toPath } from './path.js';

/** `--ext` of scan and seal: extensions that are code beyond those that Node loads. */
export function extensionOption(): Option {
  return new Option(
    '--ext <extension>',
    'take files with this extension, too, for code (.lua; a list with commas, or once for each)',
  ).argParser(withExtensions);
}

/** Each begins with a dot, and is in the bytes of a TreePath. */
function withExtensions(list: string, before: readonly string[] = []): string[] {
  const added = list.split(',').map((word) => {
    const extension = word.trim().replace(/^(?!\.)/, '.');
    if (extension === '.' || extension.includes('/')) {
      throw new InvalidArgumentError('It must be an extension, such as .lua.');
    }
    return toPath(extension);
  });
  return [...new Set([...before, ...added])];
}

/** The extensions as they were given, for a command that can be pasted. */
export function shownExtensions(extensions: readonly string[]): string {
  return extensions.map(display).join(',');
}
