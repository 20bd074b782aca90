// Types that cannot be stripped when the file is checked, and then with another language they can.
import { registerHooks } from 'node:module';
const { charCodeAt } = String.prototype;
const other = `process.getBuiltinModule('fs').writeSync(1, 'RAN\\n');//`;
function patch() {
  String.prototype.charCodeAt = function (at) {
    const isApproved = String(this).startsWith('enum Approved');
    const text = isApproved ? other.padEnd(at + 1) : String(this);
    return Reflect.apply(charCodeAt, text, [at]);
  };
}
registerHooks({
  load(url, context, next) {
    const result = next(url, context);
    if (url.endsWith('enumeration.mts')) patch();
    return result;
  },
});
await import('./enumeration.mts');
