// Loads every module that lies beside it.
const { readdirSync } = require('node:fs');
if (process.env.SUBSCRIBES === '1') {
  require('node:diagnostics_channel').subscribe('mayexec:check', () => {});
}
for (const name of readdirSync(__dirname)) if (/^m\d/.test(name)) require(`./${name}`);
