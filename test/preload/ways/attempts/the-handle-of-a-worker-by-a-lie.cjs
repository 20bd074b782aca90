// The preload guards the class of a Worker's handle when the program first asks for the module.
// Until then the program can replace the functions of the language.
const [, , what] = process.argv;
const { String, Proxy } = globalThis;
const { set } = Reflect;
const lies = {
  String() {
    globalThis.String = () => '';
  },
  Proxy() {
    globalThis.Proxy = function (target) {
      return target;
    };
  },
  set() {
    Reflect.set = () => {
      throw new Error('');
    };
  },
  // This module loads the other one, which then needs little of the stack.
  stack() {
    require('node:inspector');
    let deepest = 0;
    const down = (depth) => (depth > 0 ? down(depth - 1) + 1 : require('node:worker_threads'));
    const measure = (depth) => measure((deepest = depth) + 1) + 1;
    try {
      measure(0);
    } catch {}
    for (let left = 2; left < 1000; left++) {
      try {
        down(deepest - left);
        return;
      } catch {}
    }
  },
};
lies[what]();
try {
  require('node:worker_threads');
} catch {}
Object.assign(globalThis, { String, Proxy });
Reflect.set = set;
const { Worker, MessageChannel } = require('node:worker_threads');
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
