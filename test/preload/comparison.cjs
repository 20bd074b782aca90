// One way from data to code, which prints RAN if nobody stops it. The program itself is approved.
const [, , way, dropped, addon] = process.argv;
const node = [process.execPath, ...process.execArgv];
const ways = {
  nothing: () => console.log('RAN'),
  require: () => require(dropped),
  data: () => import('data:text/javascript,console.log("RAN")'),
  eval: () => eval('console.log("RAN")'),
  addon: () => {
    process.dlopen({ exports: {} }, addon);
    console.log('RAN');
  },
  child: () => {
    const { spawnSync } = require('node:child_process');
    const { stdout } = spawnSync(node[0], ['-e', 'console.log("RAN")'], { encoding: 'utf8' });
    process.stdout.write(stdout);
  },
};
ways[way]();
