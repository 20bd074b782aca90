new (require('vm').Script)(
  "process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')",
).runInThisContext();
