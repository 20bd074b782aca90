(async () => {
  for await (const { data } of require('node:bench').runFile(__dirname + '/dropped.cjs', {
    env: {},
    execArgv: [],
  })) {
    if (data.stream === 'stdout') console.log(data.message);
  }
})().catch(() => {});
