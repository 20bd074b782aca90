const GeneratorFunction = function* () {}.constructor;
GeneratorFunction("process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')")().next();
