// Node gives the stack of its error to a RegExp of another realm.
Error.prepareStackTrace = () => ({ __proto__: null });
try {
  new (require('node:stream/web').ReadableStream)().getReader().releaseLock();
} catch (error) {
  Error.prepareStackTrace = undefined;
  error.constructor.constructor('print', `print(1, 'RAN\\n')`)(require('node:fs').writeSync);
}
