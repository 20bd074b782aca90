for (const k of ['data', 'type', 'allowed', 'shortCircuit', 'asCode'])
  Object.defineProperty(Object.prototype, k, {
    value: k === 'type' ? 'json' : true,
    writable: true,
    configurable: true,
  });
import('./dropped.mjs');
