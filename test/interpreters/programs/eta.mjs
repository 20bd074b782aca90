// eta asks these two functions for each template that another includes.
import { Eta } from 'eta';
import { findPart, start } from './start.mjs';

class CheckedEta extends Eta {
  resolvePath = (name) => name;
  readFile = (name) => findPart(name).content;
}

const eta = new CheckedEta({ autoTrim: false });
await start('eta', (code) => process.stdout.write(eta.renderString(code, {})));
