import { InvalidArgumentError, Option } from 'commander';

import { display, toPath } from './path.js';

/** `--ext` of scan and seal: extensions that also count as code. */
export function extensionOption(): Option {
  return new Option(
    '--ext <extension>',
    'also count files with this extension as code (.lua; a list with commas, or repeat the option)',
  ).argParser(withExtensions);
}

/** Each begins with a dot, and is encoded like a TreePath. */
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

/** The extensions as they were given, for a command to paste. */
export function shownExtensions(extensions: readonly string[]): string {
  return extensions.map(display).join(',');
}
