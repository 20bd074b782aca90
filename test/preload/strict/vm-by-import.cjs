import('node:vm').then((vm) =>
  vm.runInThisContext("process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')"),
);
