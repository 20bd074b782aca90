const vm = require('vm');
const Module = Object.getPrototypeOf(vm.SyntheticModule);
class Own extends Module {}
new Own({ sourceText: 'export default 1', identifier: 'own', lineOffset: 0, columnOffset: 0 });
require('fs').writeSync(1, 'RAN\n');
