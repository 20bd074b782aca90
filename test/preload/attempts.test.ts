import { attempts } from './attempts.js';
import { tryWays } from './try-way.js';

tryWays(attempts, ['both'], false);
