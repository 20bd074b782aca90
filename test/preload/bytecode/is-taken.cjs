// Loaded before the preload: says whether V8 has taken the bytecode of it.
const vm = require('node:vm');
const { Script } = vm;

vm.Script = class extends Script {
  constructor(text, options) {
    super(text, options);
    if (text !== '' && options.filename === process.env.REGISTER) {
      console.log(this.cachedDataRejected === false ? 'taken' : 'not taken');
      vm.Script = Script;
    }
  }
};
