// Calls checkModules() with each argument, on the platform that is named, if any.
'use strict';
const [, , platform] = process.argv;
if (platform !== undefined) Object.defineProperty(process, 'platform', { value: platform });

const { checkModules } = require('../../../dist/modules.cjs');
const cases = {
  nothing: [],
  undefined: [undefined],
  'no options': [{}],
  'another name': [{ enforced: true }],
  'another type': [{ enforce: 1 }],
  null: [null],
  'a string': ['enforce'],
  'enforce: false': [{ enforce: false }],
  'enforce: true': [{ enforce: true }],
};
const ended = {};
for (const [name, args] of Object.entries(cases)) {
  try {
    const value = checkModules(...args);
    ended[name] = value === undefined ? 'returned' : String(value);
  } catch (error) {
    const { code, reason, message } = error;
    ended[name] = { name: error.name, code, reason, message };
  }
}
console.log(JSON.stringify(ended));
