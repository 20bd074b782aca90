const own = new module.constructor('own');
own._compile("process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')", '/own.js');
