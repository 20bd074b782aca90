// The Worker shares an environment that no longer says that strings are refused.
const { Worker, SHARE_ENV, isMainThread } = require('worker_threads');
if (isMainThread) {
  new Worker(__filename, { env: SHARE_ENV });
  for (const name in process.env) if (name.startsWith('MAYEXEC_')) delete process.env[name];
} else require('vm').runInThisContext("process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')");
