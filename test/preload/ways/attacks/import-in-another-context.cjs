const vm = require('vm');
vm.runInNewContext(
  'import("./dropped.mjs")',
  {},
  { filename: __filename, importModuleDynamically: vm.constants.USE_MAIN_CONTEXT_DEFAULT_LOADER },
);
