// The class of undici's dispatcher is reached by a global.
void new globalThis.Headers();
const dispatchers = [2, 1].map((n) => globalThis[Symbol.for(`undici.globalDispatcher.${n}`)]);
const { constructor: Agent } = dispatchers.find((dispatcher) => dispatcher !== undefined);
const dispatcher = new Agent({ connect: { clientCertEngine: __dirname + '/dropped.so' } });
fetch('https://127.0.0.1:4/', { dispatcher }).catch(() => {});
