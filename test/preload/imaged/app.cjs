const dep = require('dep');
const lazy = require('./lazy.js');
import('./module.mjs').then(({ default: imported }) => {
  console.log(JSON.stringify({ dep, lazy, imported, main: require.main.filename }));
});
