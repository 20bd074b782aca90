// Templates of Handlebars, with the partials that they name.
//
// usage: render TEMPLATE [DATA.json] | render - [DATA.json] < TEMPLATE
//
// Handlebars itself reads no files. This program looks for each partial that a template names as
// NAME.hbs, beside the template and in PARTIAL_PATH, and registers it.
import { readFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import Handlebars from 'handlebars';
import { checkInteractive, readFirstMayExecSync, readMayExecSync } from 'mayexec';

/** The partials that this tree names and does not define itself. */
function partialsIn(tree) {
  const named = new Set();
  const own = new Set(['@partial-block']);
  const visitor = new Handlebars.Visitor();
  for (const kind of ['PartialStatement', 'PartialBlockStatement']) {
    visitor[kind] = function (node) {
      if (node.name.type !== 'PathExpression') throw new TypeError('a computed partial name');
      named.add(node.name.original);
      Handlebars.Visitor.prototype[kind].call(this, node);
    };
  }
  visitor.DecoratorBlock = function (node) {
    if (node.path.original === 'inline') own.add(node.params[0].value);
    Handlebars.Visitor.prototype.DecoratorBlock.call(this, node);
  };
  visitor.accept(tree);
  return [...named].filter((name) => !own.has(name));
}

/** Registers each once, and what it names in turn. */
function register(tree, folders) {
  for (const name of partialsIn(tree)) {
    if (Object.hasOwn(Handlebars.partials, name)) continue;
    const candidates = folders.map((folder) => join(folder, `${name}.hbs`));
    const partial = Handlebars.parse(readFirstMayExecSync(candidates, 'utf8').content);
    Handlebars.registerPartial(name, Handlebars.compile(partial));
    register(partial, folders);
  }
}

function templateOf(path) {
  if (path !== '-') return readMayExecSync(path, 'utf8');
  checkInteractive({ fd: 0 });
  return readFileSync(0, 'utf8');
}

const [template, data] = process.argv.slice(2);
try {
  if (template === undefined) throw new TypeError('usage: render TEMPLATE [DATA.json]');
  const tree = Handlebars.parse(templateOf(template));
  const beside = template === '-' ? process.cwd() : dirname(resolve(template));
  const others = (process.env.PARTIAL_PATH ?? '').split(':').filter((folder) => folder !== '');
  register(tree, [beside, ...others]);
  const values = data === undefined ? {} : JSON.parse(readFileSync(data, 'utf8'));
  process.stdout.write(Handlebars.compile(tree)(values));
} catch (error) {
  process.stderr.write(`render: ${error.message}\n`);
  process.exitCode = 1;
}
