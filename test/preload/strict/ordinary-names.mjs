// What is closed can be named and extended.
import { Script, createContext } from 'node:vm';
import { Session } from 'node:inspector';
import { start } from 'node:repl';
import { writeSync } from 'node:fs';

class Own extends Session {}
if ([Script, createContext, start, Own].every((one) => typeof one === 'function')) {
  writeSync(1, 'RAN\n');
}
