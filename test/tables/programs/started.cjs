// Prints how Node understood its command line.
const { execArgv, argv, title, _eval: code } = process;
console.log(JSON.stringify({ execArgv, argv: argv.slice(1), title, code }));
process.exit();
