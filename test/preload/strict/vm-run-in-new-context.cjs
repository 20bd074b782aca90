require('vm').runInNewContext("process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')", { process });
