require('./place.cts');
require('./place.mts');
