// SQLite calls the functions at an address that is bound to a statement.
const { DatabaseSync } = require('node:sqlite');
const [how] = process.argv.slice(2);
const ways = {
  new: () => new DatabaseSync(':memory:'),
  class: () => new (class extends DatabaseSync {})(':memory:'),
  later() {
    const database = new DatabaseSync(':memory:', { open: false });
    database.open();
    return database;
  },
  again() {
    const database = new DatabaseSync(':memory:');
    database.close();
    database.open();
    return database;
  },
};
const database = ways[how]();
const [address] = Object.values(database.prepare('SELECT FTS3_tokenizer(?)').get('simple'));
database.prepare('SELECT fts3_tokenizer(?, ?)').get('own', address);
database.exec('CREATE VIRTUAL TABLE texts USING fts3(text, tokenize=own)');
console.log('RAN');
