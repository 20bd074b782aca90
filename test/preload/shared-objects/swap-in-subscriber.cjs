// Puts evil.node under the number of the fd that good.node is checked by.
const { subscribe, unsubscribe } = require('node:diagnostics_channel');
const fs = require('node:fs');

const listen = ({ fd, operation }) => {
  if (operation !== 'dlopen') return;
  unsubscribe('mayexec:check', listen);
  fs.closeSync(fd);
  fs.openSync(`${__dirname}/evil.node`);
};
subscribe('mayexec:check', listen);
process.dlopen({ exports: {} }, `${__dirname}/good.node`);
