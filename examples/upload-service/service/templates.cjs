/* A template is text. Its lines `@helper FILE` name modules beside it, whose exports fill in {{name}}. */
const { readFileSync } = require('node:fs');
const { dirname, join } = require('node:path');

exports.render = function render(path) {
  const helpers = {};
  const text = readFileSync(path, 'utf8').replace(/^@helper (.+)\n/gm, (_, file) => {
    Object.assign(helpers, require(join(dirname(path), file)));
    return '';
  });
  return text.replace(/{{(\w+)}}/g, (_, name) => helpers[name]?.() ?? '');
};
