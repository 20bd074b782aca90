// The addon's own operations, for program.mjs: those that the command and the preload use, and
// that no call of the API makes alone. Each returns what the addon
// gave, as JSON can hold it.
import { createHash } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { createRequire } from 'node:module';

/** Gives an fd to `use`, and closes it. */
export function withFd(path, flags, use) {
  const fd = openSync(path, flags);
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
}

/** Whether an fd was given; it is closed. */
function closed(fd) {
  if (fd < 0) return fd;
  closeSync(fd);
  return 'fd';
}

const textOf = (given) => (typeof given === 'number' ? given : String(given));

/** The record of a module whose whole file is its source (native/code_image.h). */
function recordOf(text) {
  const record = Buffer.alloc(96);
  record.writeUInt32LE(text.length, 12);
  createHash('sha256').update(text).digest().copy(record, 64);
  return record;
}

/** `directory` has the file `name`, whose content is `text`. */
export function operations(addonFile, { directory, name, text }) {
  const addon = createRequire(import.meta.url)(addonFile);
  const file = `${directory}/${name}`;
  const record = recordOf(text);
  const noRecords = Buffer.alloc(0);
  const ofFd = (operation) => (path) => withFd(path, 'r', (fd) => addon[operation](fd));
  return {
    openat2Probe: () => addon.openat2Probe(-100, file, 0, 0),
    clipOsOpen: () => addon.clipOsOpen(file, 0),
    checkSync: () => withFd(file, 'r', (fd) => addon.checkSync(fd, file)),
    execCheckProbe: () => addon.execCheckProbe(),
    readFileSync: () => withFd(file, 'r', (fd) => textOf(addon.readFileSync(fd))),
    fileMode: ofFd('fileMode'),
    fileIdentity: ofFd('fileIdentity'),
    execAccess: ofFd('execAccess'),
    modeGrants: ofFd('modeGrants'),
    onNoexecMount: ofFd('onNoexecMount'),
    kernelFile: ofFd('kernelFile'),
    getSecurebits: () => addon.getSecurebits(),
    // A bit that was set already, so that nothing changes.
    setSecurebits: () => addon.setSecurebits(addon.getSecurebits()),
    userNamespace: () => {
      const name = addon.userNamespace();
      return typeof name === 'string' ? name.replace(/\d+/, 'N') : name;
    },
    isEnforced: () => addon.isEnforced(),
    programFile: () => addon.programFile(file),
    addonsAreClosed: () => addon.addonsAreClosed(),
    landlockAbi: () => addon.landlockAbi(),
    loadedLibraries: () => typeof addon.loadedLibraries(),
    libraryPath: () => typeof addon.libraryPath(),
    execute: () => addon.execute(`${directory}/missing`, ['missing'], []),
    datagramConnect: () => closed(addon.datagramConnect(`${directory}/missing`)),
    inheritFd: () =>
      withFd('/dev/null', 'r+', (fd) => {
        const inherited = addon.inheritFd(fd);
        return inherited === fd ? 'the same' : closed(inherited);
      }),
    'inheritFd of what may be inherited': () =>
      withFd('/dev/null', 'r+', (fd) => {
        const high = addon.inheritFd(fd);
        try {
          const again = addon.inheritFd(high);
          return again === high ? 'the same' : again;
        } finally {
          closeSync(high);
        }
      }),
    moveFd: () =>
      withFd('/', 'r', (to) => {
        const fd = openSync(file, 'r');
        const moved = addon.moveFd(fd, to);
        if (moved < 0) closeSync(fd);
        return moved === to ? 'moved' : moved;
      }),
    isFirstTime: () => typeof addon.isFirstTime(file),
    listDirectory: () => withFd(directory, 'r', (fd) => addon.listDirectory(fd)),
    checkNames: async () => {
      const fd = openSync(directory, 'r');
      const answers = new Int32Array(2);
      try {
        const result = await addon.checkNames([fd, 1], `${name}\0`, answers);
        return [result, ...answers];
      } finally {
        closeSync(fd);
      }
    },
    lockFile: ofFd('lockFile'),
    sha256: () => addon.sha256(Buffer.from(text)),
    imageFind: () => addon.imageFind(noRecords, noRecords, name),
    imageIsSource: () => addon.imageIsSource(record, 0, text),
    imageRead: () => withFd(file, 'r', (fd) => textOf(addon.imageRead(fd, record, 0, 1))),
  };
}

/** What the API's calls make, or what would change this process for good. */
export const elsewhere = [
  'openat2Sync',
  'openat2',
  'openCodeSync',
  'openCode',
  'check',
  'readFile',
  'disown',
  'closeOwned',
  'enforce',
  'closeAddons',
  'landlockRestrictExec',
];
