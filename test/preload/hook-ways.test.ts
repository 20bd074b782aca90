import { tryWays } from './try-way.js';
import { hookWays } from './ways/hooks.js';

tryWays(hookWays, ['restrict file', 'both'], false);
