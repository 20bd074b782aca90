import { tryWays } from './try-way.js';
import { optionWays } from './ways/options.js';

tryWays(optionWays, ['both'], false);
