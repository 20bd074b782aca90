// Loads one file three times, and once more with another text.
const { writeFileSync } = require('node:fs');

const load = () => {
  delete require.cache[require.resolve('./changing.cjs')];
  require('./changing.cjs');
};
load();
load();
load();
writeFileSync(`${__dirname}/changing.cjs`, '// another\n');
load();
