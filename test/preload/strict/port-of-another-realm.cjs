const vm = require('vm');
const { MessageChannel, moveMessagePortToContext } = require('worker_threads');
const port = moveMessagePortToContext(new MessageChannel().port1, vm.createContext());
const { Function: OtherFunction } = { Function: port.constructor.constructor };
OtherFunction('process', "process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')")(process);
process.exit();
