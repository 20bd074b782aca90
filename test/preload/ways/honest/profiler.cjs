// What profilers, coverage and reports of errors ask of the inspector, and heap tools of V8.
const { Session } = require('inspector');
const session = new Session();
session.connect();
const ask = (method, params) => {
  let answer;
  session.post(method, params, (error, result) => {
    if (error) throw new Error(error.message);
    answer = result;
  });
  return answer;
};
ask('Profiler.enable');
ask('Profiler.setSamplingInterval', { interval: 1000 });
ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
ask('Profiler.start');
ask('Profiler.stop');
ask('Profiler.takePreciseCoverage');
ask('HeapProfiler.enable');
ask('HeapProfiler.startSampling');
ask('HeapProfiler.stopSampling');
ask('Runtime.enable');
ask('Debugger.enable');
ask('Debugger.setPauseOnExceptions', { state: 'all' });
let local;
session.on('Debugger.paused', ({ params }) => {
  const { objectId } = params.callFrames[0].scopeChain[0].object;
  [local] = ask('Runtime.getProperties', { objectId }).result;
});
try {
  (() => {
    const here = 1;
    throw new Error(here);
  })();
} catch {}
session.disconnect();
require('v8').setFlagsFromString('--expose-gc --no-lazy --max-old-space-size=2000');
const { DatabaseSync } = require('node:sqlite');
const database = new DatabaseSync(':memory:');
database.exec('CREATE VIRTUAL TABLE texts USING fts3(text, tokenize=porter)');
database.prepare('INSERT INTO texts VALUES (?)').run('runs');
const [{ text }] = database.prepare("SELECT text FROM texts WHERE texts MATCH 'run'").all();
console.log(local.name, text, new DatabaseSync(':memory:') instanceof DatabaseSync);
