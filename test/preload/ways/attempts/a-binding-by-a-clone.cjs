// A clone makes Node load a module of its tests, which gives a preload every binding as a global.
const { prototype } = DOMException;
const mark = Object.getOwnPropertySymbols(prototype).find(({ description }) =>
  description.includes('clone'),
);
const given = new DOMException('');
given[mark] = () => ({ data: {}, deserializeInfo: 'internal/test/binding:x' });
try {
  structuredClone(given);
} catch {}
const { Process } = globalThis.internalBinding('process_wrap');
const handle = new Process();
handle.onexit = () => process.exit();
const stdio = [0, 1, 2].map((fd) => ({ type: 'fd', fd }));
const args = ['node', 'dropped.cjs'];
if (process.versions.node.split('.')[0] >= 24)
  handle.spawn(process.execPath, args, undefined, [], stdio, 0);
else handle.spawn({ file: process.execPath, args, envPairs: [], stdio });
