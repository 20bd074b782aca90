try {
  Object.defineProperty(process, Symbol.for('mayexec.register'), { value: false });
} catch {}
delete process[Symbol.for('mayexec.register')];
require('./dropped.cjs');
