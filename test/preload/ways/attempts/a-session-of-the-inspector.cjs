// A session of the inspector gives the program functions that no property leads to any more.
const { Session } = require('inspector');
const [how] = process.argv.slice(2);
const FILE = __dirname + '/dropped.node';

/** Calls what loads shared objects, whoever has it. */
const use = (found) => {
  try {
    if (found.name === 'dlopen') found.call(process, { exports: {} }, FILE);
  } catch {}
};
globalThis.use = use;

/** What `post` answers at once. */
function asking(post) {
  return (method, params) => {
    let answer;
    post(method, params, (error, result) => {
      if (error) console.error(error.message);
      answer = result;
    });
    return answer;
  };
}

const USE = 'function () { for (const found of this) use(found); }';

function findAll(ask) {
  const { result } = ask('Runtime.evaluate', { expression: 'Function.prototype' });
  const { objects } = ask('Runtime.queryObjects', { prototypeObjectId: result.objectId });
  ask('Runtime.callFunctionOn', { functionDeclaration: USE, objectId: objects.objectId });
}

function connected(Class = Session) {
  const session = new Class();
  session.connect();
  return session;
}

const ways = {
  all() {
    const session = connected();
    findAll(asking((...args) => session.post(...args)));
  },
  async promises() {
    const session = connected(require('inspector/promises').Session);
    const post = (method, params) => session.post(method, params);
    const { result } = await post('Runtime.evaluate', { expression: 'Function.prototype' });
    const { objects } = await post('Runtime.queryObjects', { prototypeObjectId: result.objectId });
    const functionDeclaration = USE;
    await post('Runtime.callFunctionOn', { functionDeclaration, objectId: objects.objectId });
  },
  // Node writes down another request than it was given.
  json() {
    const session = connected();
    const ask = asking((...args) => session.post(...args));
    const changing = (method, params) => {
      Object.defineProperty(Object.prototype, 'toJSON', {
        configurable: true,
        value() {
          return this.method === undefined ? this : { id: this.id, method, params };
        },
      });
      try {
        return ask('Runtime.enable');
      } finally {
        delete Object.prototype.toJSON;
      }
    };
    findAll(changing);
  },
  params() {
    const session = connected();
    const ask = asking((...args) => session.post(...args));
    const changing = (method, params) => {
      Object.defineProperty(Object.prototype, 'params', {
        configurable: true,
        set() {
          this.method = method;
          Object.defineProperty(this, 'params', { value: params, enumerable: true });
        },
      });
      try {
        return ask('Runtime.enable', {});
      } finally {
        delete Object.prototype.params;
      }
    };
    findAll(changing);
  },
  binding() {
    const { Connection } = process.binding('inspector');
    const answers = {};
    const connection = new Connection((text) => {
      const { id, result } = JSON.parse(text);
      answers[id] = result;
    });
    let id = 0;
    findAll((method, params) => {
      connection.dispatch(JSON.stringify({ id: ++id, method, params }));
      return answers[id];
    });
  },
  // Formatters of a console get the values themselves.
  formatter() {
    globalThis.devtoolsFormatters = [
      {
        header(value) {
          use(value);
          return null;
        },
      },
    ];
    const session = connected();
    const ask = asking((...args) => session.post(...args));
    ask('Runtime.enable');
    ask('Runtime.setCustomObjectFormatterEnabled', { enabled: true });
    const { result } = ask('Runtime.evaluate', { expression: 'Function.prototype' });
    const { objects } = ask('Runtime.queryObjects', { prototypeObjectId: result.objectId });
    ask('Runtime.getProperties', { objectId: objects.objectId, ownProperties: true });
  },
};
Promise.resolve(ways[how]()).catch(console.error);
