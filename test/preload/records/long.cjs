'use strict';
const { spawnSync } = require('node:child_process');

spawnSync('true', ['a'.repeat(4000), 'b'.repeat(4000), 'c']);
