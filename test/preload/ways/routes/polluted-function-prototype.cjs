const call = Function.prototype.call;
Function.prototype.call = function (t, ...a) {
  return this.name === 'load' ? undefined : Reflect.apply(call, this, [t, ...a]);
};
Function.prototype.apply = Function.prototype.bind = null;
require('./dropped.cjs');
