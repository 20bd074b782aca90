const [file, ...words] = process.argv.slice(2);
const args = words.map((word) => word.replace(/\bNODE\b/g, process.execPath));
require('node:child_process').spawnSync(file, args, { stdio: 'inherit' });
