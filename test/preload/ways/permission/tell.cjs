// What this thread or process may do, on one line.
const { isMainThread, workerData } = require('node:worker_threads');
const { readFileSync, writeSync } = require('node:fs');

const outcome = (run) => {
  try {
    run();
    return 'done';
  } catch (error) {
    return error.code;
  }
};

exports.tell = (who) => {
  const facts = [
    `model ${process.permission !== undefined}`,
    `addon ${process.permission?.has('addon')}`,
    `dlopen ${outcome(() => process.dlopen({ exports: {} }, `${__dirname}/own.node`))}`,
    `read ${outcome(() => readFileSync('/etc/hosts'))}`,
  ];
  writeSync(1, `${who}: ${facts.join(', ')}\n`);
};

if (!isMainThread) exports.tell(workerData);
else if (require.main === module) exports.tell(process.argv[2]);
