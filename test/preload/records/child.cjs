'use strict';
// The child of a cluster ends with its channel.
process.disconnect?.();
