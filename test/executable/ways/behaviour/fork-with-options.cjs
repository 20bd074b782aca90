if (process.argv[2]) console.log(process.execArgv);
else require('child_process').fork(__filename, ['x'], { execArgv: ['--no-warnings'] });
