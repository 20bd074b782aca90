if (process.argv[2]) eval("process.getBuiltinModule('fs').writeSync(1, 'RAN\\n')");
else require('child_process').fork(__filename, ['x'], { execArgv: [], env: {} });
