// What a program learns of a file whose types cannot be stripped.
const said = ({ code, message, name, stack }) =>
  console.log(code, message, name, stack.split(/^ {4}at/m)[0]);
try {
  require('./enumeration.ts');
} catch (error) {
  said(error);
}
import('./enumeration.mts').catch(said);
