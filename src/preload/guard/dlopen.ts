import { filesAreRestricted } from '../../policy.js';
import { aliasOf } from './fd-alias.js';
import { closeCode, confirmCode, fileQuestion, openCode } from '../load/checked-read.js';
import {
  ObjectDefineProperty,
  StringPrototypeIncludes,
  ReflectApply,
  StringPrototypeReplace,
  StringOf,
} from '../lib/primordials.js';
import { replace } from '../lib/replace.js';
import { checkNeededLibraries } from './needed-libraries.js';
import { isAloneNoMore } from '../lib/threads.js';
import { whenAsked } from '../lib/builtins.js';
import { judgeVirtual } from '../load/virtual.js';

/** dlopen(3); Node's own default. */
const RTLD_LAZY = 1;
const nobody = (): readonly string[] => [];

/**
 * Calls `load` with a path to a shared object that may be mapped. Where files are
 * restricted it is the file that was checked, whatever has happened to its name.
 * Throws what openCode throws, and what `load` throws.
 */
export function loadShared<T>(operation: string, path: string, load: (path: string) => T): T {
  judgeVirtual(path, operation);
  const open = openCode(fileQuestion(operation, path, false, nobody));
  isAloneNoMore();
  if (open === undefined) return load(path);
  const { fd } = open;
  try {
    if (!filesAreRestricted()) return load(path);
    confirmCode(path, open);
    const needsOwnPath = checkNeededLibraries(path, fd);
    // It looks for libraries beside its own path, so it must be opened by that.
    if (needsOwnPath) return load(path);
    confirmCode(path, open);
    const alias = aliasOf(fd);
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

type Dlopen = (this: unknown, module: AddonModule, filename: string, flags?: number) => void;

/** What an addon is given as its module. */
interface AddonModule {
  exports: unknown;
}

/**
 * Node reads `module.exports` before it maps the file, and a getter there could put
 * another file under the fd's number. So it is read now, and Node is given a module
 * whose exports are a plain value; what else an addon looks at, it inherits.
 */
function withPlainExports(module: AddonModule): AddonModule {
  return { __proto__: module, exports: module.exports } as unknown as AddonModule;
}

/** Puts the check in the way of process.dlopen, and so of every `.node` file. */
export function installDlopen(): void {
  replace<Dlopen>(process, 'dlopen', (original) => (module, filename, flags = RTLD_LAZY) => {
    const path = StringOf(filename);
    if (!filesAreRestricted()) {
      loadShared('dlopen', path, (checked) => {
        ReflectApply(original, process, [module, checked, flags]);
      });
      return;
    }
    // Each is turned into what it stands for before the check, and not after it.
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
 * When something is mounted node:vfs puts a function of its own in the place of process.dlopen,
 * which loads what is there from memory. It gets a path only when that has been judged.
 */
function guardVirtual(): void {
  const owner = process as unknown as { dlopen: Dlopen };
  let { dlopen: current } = owner;
  const ours = current;
  ObjectDefineProperty(process, 'dlopen', {
    __proto__: null,
    get: () => current,
    set(dlopen: Dlopen) {
      current = dlopen === ours ? ours : judged(dlopen);
    },
    enumerable: true,
    // Else the program could have what node:vfs puts here.
    configurable: false,
  } as PropertyDescriptor);
}

function judged(dlopen: Dlopen): Dlopen {
  return function (module, filename, flags): void {
    const path = StringOf(filename);
    judgeVirtual(path, 'dlopen');
    ReflectApply(dlopen, this, [module, path, flags]);
  };
}
