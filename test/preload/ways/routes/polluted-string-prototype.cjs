String.prototype.startsWith = () => false;
String.prototype.includes = () => false;
String.prototype.slice = () => '';
require('./dropped.cjs');
