import { realpathSync } from 'node:fs';

import { IMAGE_FUNCTION, IMAGE_SOURCE, IMAGE_TEXT } from '../../addon.js';
import { WRAPPER } from '../../image/bytecode.js';
import { hasBytecode, isModule, type Directory } from '../../image/format.js';
import { whyForeign } from '../../image/foreign.js';
import { differingLockfile, hashLockfiles } from '../../image/lockfiles.js';
import { sha256 } from '../../image/read.js';
import { imagePath } from '../settings.js';
import { native } from '../lib/native.js';
import { StringPrototypeSlice } from '../lib/primordials.js';
import { noteCompilable } from './approved-bytecode.js';
import type { Read } from './checked-read.js';
import { indexIn, openImageFile, refuseBroken, type OpenImage } from './open-image.js';

/*
 * The code image: one file that the kernel approved, which replaces an application's files of code.
 * Its directory is read once, right after the check. Each module is read when it is loaded, and
 * must have the SHA-256 in the directory. So only the approved text runs, even if the file or its
 * fd changes.
 */

let image: OpenImage | undefined;

/** Why the application on the disk differs from the one that the image was made of. */
function whyOther({ root, lockfiles }: Directory['meta']): string | undefined {
  try {
    if (realpathSync(root) !== root)
      return `it was made of '${root}', which is a symbolic link now`;
    const name = differingLockfile(lockfiles, hashLockfiles(root, sha256));
    return name === undefined ? undefined : `'${root}/${name}' has changed since it was made`;
  } catch (error) {
    return `it was made of '${root}', where ${(error as Error).message}`;
  }
}

function whyUnusable(meta: Directory['meta']): string | undefined {
  if (!meta.sources) return 'it holds bytecode without the sources, for mayexec run --bytecode';
  return whyForeign(meta) ?? whyOther(meta);
}

/**
 * Opens the image that the environment names. Throws ExecDeniedError when it is refused, broken,
 * made for another Node or of another application.
 */
export function openImage(): void {
  if (imagePath !== undefined) image = openImageFile('image', imagePath, whyUnusable);
}

/** Whether an image is used. */
export const hasImage = (): boolean => image !== undefined;

/**
 * A module from the image, as a string with `text`. Undefined when there is no image, or it has no
 * such module. Throws ExecDeniedError when the image was changed.
 */
export function readFromImage(path: string, text: boolean): Read | undefined {
  const i = indexIn(image, path);
  if (image === undefined || i === undefined) return undefined;
  const { fd, records, allowed } = image;
  const compiles = text && image.takesBytecode && hasBytecode(records, i);
  const wraps = compiles && !isModule(records, i);
  const what = wraps ? IMAGE_FUNCTION : text ? IMAGE_TEXT : IMAGE_SOURCE;
  const content = native.imageRead(fd, records, i, what);
  if (typeof content === 'number') refuseBroken(image, path);
  if (typeof content !== 'string' || !compiles) return { content, allowed };
  // V8 gets the whole string. A part of it is not copied.
  const own = wraps
    ? StringPrototypeSlice(content, WRAPPER[0].length, content.length - WRAPPER[1].length)
    : content;
  noteCompilable({ image, i, path, text: own, wrapped: wraps ? content : undefined });
  return { content: own, allowed };
}
