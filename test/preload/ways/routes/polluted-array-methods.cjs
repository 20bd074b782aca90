Array.prototype.findIndex = () => 0;
Array.prototype.find = () => undefined;
Array.prototype.includes = () => true;
require('./dropped.cjs');
