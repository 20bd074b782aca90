import { isHeard } from '../../audit.js';
import { filesAreRestricted } from '../../policy.js';
import { aliasOf } from './fd-alias.js';
import {
  closeCode,
  confirmCode,
  fileQuestion,
  openCode,
  reopenCode,
  type FileQuestion,
  type OpenCode,
} from '../load/checked-read.js';
import {
  ObjectDefineProperty,
  StringPrototypeIncludes,
  ReflectApply,
  StringPrototypeReplace,
  StringOf,
} from '../lib/primordials.js';
import { replace } from '../lib/replace.js';
import { addonsAreClosed, addonsDisabled } from './permission.js';
import { auditNeededLibraries, checkNeededLibraries } from './needed-libraries.js';
import { isAloneNoMore } from '../lib/threads.js';
import { whenAsked } from '../lib/builtins.js';
import { decideVirtual } from '../load/virtual.js';
import { refused, tellRefusal } from '../refused.js';

/** dlopen(3); Node's own default. */
const RTLD_LAZY = 1;
const nobody = (): readonly string[] => [];

/**
 * Calls `load` with a path to a shared object that may be mapped. Where files are
 * restricted, the path leads to the file that was checked, even if its name now leads to
 * another. Throws the errors of openCode and of `load`.
 */
export function loadShared<T>(operation: string, path: string, load: (path: string) => T): T {
  decideVirtual(path, operation, 'dlopen');
  const question = fileQuestion(operation, 'dlopen', path, false, nobody);
  const open = openCode(question);
  isAloneNoMore();
  if (open === undefined) return load(path);
  const { fd } = open;
  if (!filesAreRestricted()) {
    try {
      if (isHeard()) auditNeededLibraries(path, fd);
    } finally {
      // It may be the last that the process may have, and the dynamic loader opens the file, too.
      closeCode(fd);
    }
    return load(path);
  }
  try {
    const own = confirmShared(question, open);
    if (own !== undefined) return load(own);
    const alias = aliasOf(fd, open.identity);
    try {
      return load(alias);
    } catch (error) {
      if (error instanceof Error && StringPrototypeIncludes(error.message, alias)) {
        error.message = StringPrototypeReplace(error.message, alias, path);
      }
      throw error;
    }
  } finally {
    closeCode(fd);
  }
}

/**
 * Confirms the object, and checks what it needs. The path by which it must be opened, where it looks
 * for libraries beside that.
 */
function confirmShared(question: FileQuestion, open: OpenCode): string | undefined {
  const { path } = question.args;
  try {
    confirmCode(path, open);
    if (checkNeededLibraries(path, open.fd)) return ownPath(question, open);
    confirmCode(path, open);
    return undefined;
  } catch (error) {
    tellRefusal(question.operation, 'dlopen', path, error);
    throw error;
  }
}

/**
 * The path itself, after it is confirmed that it leads to the file. The dynamic loader would look
 * for a name without a slash in its own folders.
 */
function ownPath(question: FileQuestion, { identity }: OpenCode): string {
  const { path } = question.args;
  const again = reopenCode(question);
  closeCode(again.fd);
  if (again.identity !== identity) {
    throw refused('another file replaced it while its verdict was published', path);
  }
  return StringPrototypeIncludes(path, '/') ? path : `./${path}`;
}

type Dlopen = (this: unknown, module: AddonModule, filename: string, flags?: number) => void;

/** The module object that an addon receives. */
interface AddonModule {
  exports: unknown;
}

/**
 * Node reads `module.exports` before it maps the file. A getter there could put another file under
 * the fd's number. So the exports are read now, and Node gets a module that has them as a plain
 * value. The addon inherits the module's other properties.
 */
function withPlainExports(module: AddonModule): AddonModule {
  return { __proto__: module, exports: module.exports } as unknown as AddonModule;
}

/** Installs the check on process.dlopen, and so on every `.node` file. */
export function installDlopen(): void {
  replace<Dlopen>(process, 'dlopen', (original) => (...args) => {
    if (addonsAreClosed()) throw addonsDisabled();
    // Node itself reports the missing argument.
    if (args.length < 2) {
      ReflectApply(original, process, args);
      return;
    }
    const { 0: module, 1: filename } = args;
    const flags = args.length > 2 ? (args[2] ?? RTLD_LAZY) : RTLD_LAZY;
    // A symbol has no text. To Node it is an empty path.
    const path = typeof (filename as unknown) === 'symbol' ? '' : StringOf(filename);
    if (!filesAreRestricted()) {
      loadShared('dlopen', path, (checked) => {
        ReflectApply(original, process, [module, checked, flags]);
      });
      return;
    }
    // Convert each argument before the check, so that none can change after it.
    const plain = withPlainExports(module);
    const bits = flags | 0;
    const { exports } = plain;
    loadShared('dlopen', path, (checked) => {
      ReflectApply(original, process, [plain, checked, bits]);
    });
    if (plain.exports !== exports) module.exports = plain.exports;
  });
  whenAsked(['node:vfs'], guardVirtual);
}

/**
 * When something is mounted, node:vfs replaces process.dlopen with a function that loads the
 * mounted content from memory. That function gets a path only after the check.
 */
function guardVirtual(): void {
  const owner = process as unknown as { dlopen: Dlopen };
  let { dlopen: current } = owner;
  const ours = current;
  ObjectDefineProperty(process, 'dlopen', {
    __proto__: null,
    get: () => current,
    set(dlopen: Dlopen) {
      current = dlopen === ours ? ours : checked(dlopen);
    },
    enumerable: true,
    // Otherwise the program could get the function that node:vfs installs here.
    configurable: false,
  } as PropertyDescriptor);
}

function checked(dlopen: Dlopen): Dlopen {
  return function (module, filename, flags): void {
    const path = StringOf(filename);
    decideVirtual(path, 'dlopen', 'dlopen');
    ReflectApply(dlopen, this, [module, path, flags]);
  };
}
