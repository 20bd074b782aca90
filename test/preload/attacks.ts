import { program } from './ways-in.js';

/**
 * What a program that may run does to load what may not: each runs as code
 * without mayexec. The dropped files are those of ways-in.ts, the programs those of ways/.
 */
export interface Attack {
  name: string;
  text: string;
  args?: string[];
  files?: Record<string, string>;
  /** How often RAN is said without mayexec. */
  times?: number;
}

/** Its callback is what was dropped. It runs before any preload. */
const snapshot = { 'snapshot.cjs': program('attacks/snapshot.cjs') };

const seconds: Attack[] = [
  {
    name: 'the guard of a second copy',
    text: program('attempts/a-symbol-that-says-that-the-preload-is-there.cjs'),
  },
  {
    name: 'the preload, taken out of the cache and loaded again',
    text: program('attacks/the-preload-taken-out-of-the-cache-and-loaded-again.cjs'),
  },
  {
    name: 'a copy of the package, required',
    text: program('attacks/a-copy-of-the-package-required.cjs'),
  },
  {
    name: 'a copy of the package, imported',
    text: program('attacks/a-copy-of-the-package-imported.cjs'),
  },
  {
    name: 'the addon’s functions replaced',
    text: program('attacks/the-addons-functions-replaced.cjs'),
  },
  {
    name: 'the addon’s setSecurebits',
    text: program('attacks/the-addons-setsecurebits.cjs'),
  },
  {
    name: 'the package’s setSecurebits',
    text: program('attacks/the-packages-setsecurebits.cjs'),
  },
  {
    name: 'the addon’s fds closed',
    text: program('attacks/the-addons-fds-closed.cjs'),
  },
  {
    name: 'the addon’s next open, with its facts written over',
    text: program('attacks/the-addons-next-open-with-its-facts-written-over.cjs'),
  },
];

const channels: Attack[] = [
  {
    name: 'a subscriber that throws',
    text: program('attacks/a-subscriber-that-throws.cjs'),
  },
  {
    name: 'a subscriber that changes the verdict',
    text: program('attacks/a-subscriber-that-changes-the-verdict.cjs'),
  },
  {
    name: 'a channel that says nothing',
    text: program('attacks/a-channel-that-says-nothing.cjs'),
  },
  {
    name: 'a channel with a publish of its own',
    text: program('attacks/a-channel-with-a-publish-of-its-own.cjs'),
  },
  {
    name: 'no news of Workers',
    text: program('attacks/no-news-of-workers.cjs'),
  },
];

const children: Attack[] = [
  {
    name: 'a name in the environment that ends in another',
    text: program('attacks/a-name-in-the-environment-that-ends-in-another.cjs'),
  },
  {
    name: 'a name in the environment with an equals sign',
    text: program('attacks/a-name-in-the-environment-with-an-equals-sign.cjs'),
  },
  {
    name: 'NODE_OPTIONS that are an object',
    text: program('attacks/node-options-that-are-an-object.cjs'),
  },
  {
    name: 'an environment that answers twice',
    text: program('attacks/an-environment-that-answers-twice.cjs'),
  },
  {
    name: 'process.env replaced by a proxy',
    text: program('attacks/process-env-replaced-by-a-proxy.cjs'),
  },
  { name: '--build-snapshot', text: program('attacks/build-snapshot.cjs') },
  {
    name: '--build_snapshot after another option',
    text: program('attacks/build-snapshot-after-another-option.cjs'),
  },
  {
    name: '--build-snapshot in a fork',
    text: program('attacks/build-snapshot-in-a-fork.cjs'),
  },
  {
    name: '--build-snapshot in execFileSync',
    text: program('attacks/build-snapshot-in-execfilesync.cjs'),
  },
  {
    name: '--build-snapshot by process.execve',
    text: program('attacks/build-snapshot-by-process-execve.cjs'),
  },
  {
    name: '--experimental-sea-config',
    text: program('attacks/experimental-sea-config.cjs'),
  },
  {
    name: '--snapshot-blob',
    text: program('attacks/snapshot-blob.cjs'),
    files: snapshot,
  },
  {
    name: '--snapshot-blob in NODE_OPTIONS',
    text: program('attacks/snapshot-blob-in-node-options.cjs'),
    files: snapshot,
  },
  {
    name: '--build-snapshot under strings’ methods that lie',
    text: program('attacks/build-snapshot-under-strings-methods-that-lie.cjs'),
  },
  {
    name: '--build-snapshot behind an empty value, under indexes of String.prototype',
    text: program('attacks/build-snapshot-behind-an-empty-value.cjs'),
  },
  {
    name: 'arguments that change meanwhile',
    text: program('attacks/arguments-that-change-meanwhile.cjs'),
  },
];

const hooks: Attack[] = [
  {
    name: 'nextLoad with the URL of another file',
    text: program('attempts/a-hook-that-asks-for-another-file.cjs'),
  },
  {
    name: 'nextLoad with a source',
    text: program('attempts/a-hook-that-brings-the-source-with-it.cjs'),
  },
  {
    name: 'a hook that answers twice',
    text: program('attacks/a-hook-that-answers-twice.cjs'),
  },
  {
    name: 'hooks taken out by their prototype',
    text: program('attempts/hooks-taken-out-through-their-prototype.cjs'),
  },
  {
    name: 'import() in another context',
    text: program('attacks/import-in-another-context.cjs'),
  },
];

/** Who answers nothing while a builtin module is asked for, which is when it is patched. */
const REPLACED = [
  'arrays’ methods',
  'strings’ methods',
  'functions’ methods',
  'Object and Reflect',
  'process.getBuiltinModule',
  'module.syncBuiltinESMExports',
  'globals',
];

const lazily: Attack[] = REPLACED.map((what) => ({
  name: `builtin modules first asked for under ${what} that answer nothing`,
  times: 4,
  text: program('attacks/builtins-first-asked-for.cjs'),
  args: [what],
}));

export const attacks: Attack[] = [...seconds, ...channels, ...children, ...hooks, ...lazily];
