console.log(process.execArgv.length, process.env.A, Object.keys(process.env).length);
