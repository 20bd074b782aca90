const vm = require('vm');
const realm = vm.createContext(vm.constants.DONT_CONTEXTIFY);
realm.Function('process', "process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')")(process);
