// Calls checkModules() after enforcePolicy(), if that is asked for: call.cjs [enforcePolicy]
// [FILE]. Prints what is thrown; without a catch, what the file's load throws ends it.
'use strict';
const [, , enforce, file] = process.argv;
if (enforce === 'enforcePolicy') require('../../../dist/index.cjs').enforcePolicy();
try {
  require('../../../dist/modules.cjs').checkModules();
  console.log(JSON.stringify('returned'));
} catch (error) {
  const { name, reason, message } = error;
  console.log(JSON.stringify({ name, reason, message }));
}
if (file !== undefined) require(file);
