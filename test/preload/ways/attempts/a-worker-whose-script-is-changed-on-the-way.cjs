const { Worker } = require('worker_threads');
const post = MessagePort.prototype.postMessage;
MessagePort.prototype.postMessage = function (m, t) {
  if (m?.filename) m.filename = __dirname + '/dropped.cjs';
  return post.call(this, m, t);
};
new Worker(__dirname + '/approved.cjs');
