// Node strips no types of what is installed.
const said = ({ code, message }) => console.log(code, message);
try {
  require('typed/types.cts');
} catch (error) {
  said(error);
}
import('typed/types.mts').catch(said);
