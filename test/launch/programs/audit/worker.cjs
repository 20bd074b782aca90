require('./shared.cjs');
