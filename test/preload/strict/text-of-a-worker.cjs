// Node tells a Worker by a message what to run. The program changes that message.
const { MessagePort, Worker } = require('worker_threads');

const { postMessage } = MessagePort.prototype;
MessagePort.prototype.postMessage = function (message, ...rest) {
  if (message?.filename) {
    message.doEval = 'module';
    message.filename = `process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')`;
  }
  return Reflect.apply(postMessage, this, [message, ...rest]);
};
new Worker(`${__dirname}/approved.cjs`);
