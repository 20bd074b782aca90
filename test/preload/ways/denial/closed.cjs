// Whoever listens to the verdicts wants to know who asked, for what is allowed, too.
require('node:diagnostics_channel').subscribe('mayexec:check', () => {});
switch (process.argv[2]) {
  case 'frozen':
    Object.freeze(Error);
    break;
  case 'without a stack to look at':
    Object.defineProperty(Error, 'stackTraceLimit', { value: 0, writable: false });
    break;
  case 'with a handler of its own':
    Object.defineProperty(Error, 'prepareStackTrace', {
      get() {},
      set() {
        throw new RangeError('no');
      },
    });
}
const before = Error.prepareStackTrace;
import('./allowed.mjs')
  .then(() => import('./dropped.mjs'))
  .catch((error) => {
    console.log(error.name, error.code, Error.prepareStackTrace === before);
  });
