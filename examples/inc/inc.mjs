// An interpreter for a very small language, one command a line: `+` counts up
// and prints, `?` reads a number from standard input, `#` is a comment.
//
// usage: inc SCRIPT | inc -i < SCRIPT | inc -c CODE
//
// The three ways in are the three that every interpreter has, and each needs one
// call: a file is opened with openMayExec, and what comes from a stream or from
// the command line is announced with checkInteractive.
import { readFileSync, readSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { checkInteractive, readMayExecSync } from 'mayexec';

function readNumber() {
  process.stderr.write('> Enter new number:\n');
  const byte = Buffer.alloc(1);
  let line = '';
  while (readSync(0, byte) === 1 && byte[0] !== 0x0a) line += byte.toString('latin1');
  return /^\s*[+-]?\d+/.test(line) ? Number.parseInt(line, 10) : undefined;
}

function interpret(code) {
  let number = 0;
  for (const line of code.split('\n')) {
    if (line === '' || line.startsWith('#')) continue;
    if (line === '+') process.stdout.write(`${++number}\n`);
    else if (line === '?') number = readNumber() ?? number;
    else throw new SyntaxError(`unknown command '${line}'`);
  }
}

function codeOf({ values, positionals }) {
  if (values.c !== undefined && !values.i && positionals.length === 0) {
    checkInteractive();
    return values.c;
  }
  if (values.i && values.c === undefined && positionals.length === 0) {
    checkInteractive({ fd: 0 });
    return readFileSync(0, 'utf8');
  }
  if (!values.i && values.c === undefined && positionals.length === 1) {
    return readMayExecSync(positionals[0], { encoding: 'utf8' });
  }
  throw new TypeError('usage: inc SCRIPT | inc -i | inc -c CODE');
}

try {
  const options = { c: { type: 'string' }, i: { type: 'boolean', default: false } };
  interpret(codeOf(parseArgs({ options, allowPositionals: true })));
} catch (error) {
  process.stderr.write(`inc: ${error.message}\n`);
  process.exitCode = 1;
}
