console.log(
  JSON.stringify([
    process.argv.slice(1).map((a) => require('path').basename(a)),
    process.execArgv,
    __filename.split('/').pop(),
    require.main === module,
  ]),
);
