'use strict';
module.exports = {
  name: 'dep',
  from: module.parent.filename,
  line: new Error('x').stack.split('\n')[1],
};
