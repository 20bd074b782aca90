const { test } = require('node:test');
// Its text is beside this file, and Node runs that as code.
test('one', (t) => {
  t.assert.snapshot(1);
});
