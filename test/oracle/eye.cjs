/*
 * Written before the preload's own text, into one file with it (watched-copy.ts),
 * so it is wherever the preload is, and has its session before a gate closes.
 * It notes each script that V8 compiles on this thread, before the script runs,
 * in a file of its own in the folder RECORDS. It uses only what it took before
 * the program ran.
 */
{
  const { Session } = require('node:inspector');
  const { closeSync, constants, fstatSync, openSync, readFileSync, writeSync } = require('node:fs');
  // A fifo must not keep it waiting.
  const READ = constants.O_RDONLY | constants.O_NONBLOCK;
  const { S_IFMT, S_IFREG } = constants;
  const { fileURLToPath } = require('node:url');
  const { stringify } = JSON;
  const { captureStackTrace } = Error;
  const { getOwnPropertyDescriptor, isExtensible } = Object;
  const formatter = () => getOwnPropertyDescriptor(Error, 'prepareStackTrace')?.value;
  const nodes = formatter();
  const { apply } = Reflect;
  const { startsWith, slice } = String.prototype;
  const { post } = Session.prototype;

  const begins = (text, start) => apply(startsWith, text, [start]);
  const records = `RECORDS/${process.pid}-${process.hrtime.bigint()}-${Math.random()}`;
  const words = [...process.execArgv, '|', ...process.argv.slice(1)].join(' ');

  function write(record) {
    const fd = openSync(records, 'a', 0o666);
    try {
      writeSync(fd, `${stringify(record)}\n`);
    } finally {
      closeSync(fd);
    }
  }

  /** The file of a script's name, as it is now. */
  function fileOf(url) {
    const file = { __proto__: null };
    let fd;
    try {
      file.path = begins(url, 'file:') ? fileURLToPath(url) : url;
      if (!begins(file.path, '/')) return undefined;
      fd = openSync(file.path, READ);
      file.mode = fstatSync(fd).mode;
      if ((file.mode & S_IFMT) === S_IFREG) file.text = readFileSync(fd, 'utf8');
    } catch (error) {
      file.error = error.code;
    } finally {
      if (fd !== undefined) closeSync(fd);
    }
    return file;
  }

  /** Who compiles it. A program that has set up stack traces of its own is let alone. */
  function stack() {
    if (!isExtensible(Error) || formatter() !== nodes) return '';
    const { stackTraceLimit } = Error;
    const holder = { __proto__: null };
    try {
      Error.stackTraceLimit = 100;
      captureStackTrace(holder, stack);
      return holder.stack;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  const session = new Session();
  /** The test runner's own process, and one without the right to it, have no inspector. */
  function connect() {
    try {
      session.connect();
      return true;
    } catch {
      return false;
    }
  }
  function ask(method, params) {
    let answer;
    apply(post, session, [method, params, (error, result) => (answer = result)]);
    return answer;
  }
  function note({ scriptId, url, hash, length, scriptLanguage, stackTrace }) {
    const record = { __proto__: null, url, hash, length };
    if (scriptLanguage === 'WebAssembly') {
      record.wasm = ask('Debugger.getScriptSource', { __proto__: null, scriptId })?.bytecode ?? '';
      record.stack = stack();
      write(record);
      return;
    }
    const top = stackTrace?.callFrames[0];
    record.by = top === undefined ? '' : top.url;
    const file = fileOf(url);
    const source = ask('Debugger.getScriptSource', { __proto__: null, scriptId });
    const text = source === undefined ? '' : source.scriptSource;
    if (file !== undefined) {
      record.path = file.path;
      record.mode = file.mode;
      record.same = file.text === text;
    }
    if (record.same !== true && (!begins(url, 'node:') || length < 1000)) {
      record.text = apply(slice, text, [0, 20_000]);
      record.stack = stack();
    }
    write(record);
  }
  // Own properties, so that nothing a program does to EventEmitter comes between.
  const emit = (name, message) => {
    if (name !== 'Debugger.scriptParsed') return true;
    try {
      note(message.params);
    } catch (error) {
      write({ __proto__: null, failed: String(error) });
    }
    return true;
  };
  Object.defineProperty(session, 'emit', { value: emit });
  const sees = connect();
  write({ __proto__: null, start: words, sees });
  if (sees) {
    ask('Debugger.enable');
    // A `debugger` statement would wait for this very thread.
    ask('Debugger.setSkipAllPauses', { __proto__: null, skip: true });
  }
}
