require('./needing.node');
