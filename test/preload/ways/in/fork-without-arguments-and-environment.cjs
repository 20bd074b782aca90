require('child_process').fork(__dirname + '/dropped.cjs', { execArgv: [], env: {} });
