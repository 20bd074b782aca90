import { tryWays } from './try-way.js';
import { betweenWays } from './ways/between.js';

tryWays(betweenWays, ['restrict file', 'both'], false);
