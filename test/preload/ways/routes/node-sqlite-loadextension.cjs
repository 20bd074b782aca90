const { DatabaseSync } = require('node:sqlite');
const d = new DatabaseSync(':memory:', { allowExtension: true });
try {
  d.loadExtension(__dirname + '/dropped.so');
} catch (e) {
  if (!/sqlite|undefined symbol|ERR_LOAD_SQLITE/.test(e.code + e.message)) throw e;
}
