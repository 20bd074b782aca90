// Hands on what a file of variables brought in: HOW.
const childProcess = require('node:child_process');

process.loadEnvFile('dropped.env');
const args = [__dirname + '/empty.cjs'];
const [how] = process.argv.slice(2);
if (how === 'execve') process.execve(process.execPath, [process.execPath, ...args], process.env);
else if (how === 'shell') childProcess.spawnSync('bash', ['-c', ':'], { stdio: 'inherit' });
else childProcess[how](process.execPath, args, { stdio: 'inherit' });
