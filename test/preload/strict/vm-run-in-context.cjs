const vm = require('vm');
vm.runInContext(
  "process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')",
  vm.createContext({ process }),
);
