// start-again.cjs WORD...: starts a command.
const [file, ...words] = process.argv.slice(2);
process.exit(require('child_process').spawnSync(file, words, { stdio: 'inherit' }).status);
