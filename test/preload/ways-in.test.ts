import { policies, type Policy } from './kernel-cases.js';
import { tryWays } from './try-way.js';
import { routes, waysIn } from './ways-in.js';

tryWays(waysIn, Object.keys(policies) as Policy[], true);
tryWays(routes, ['both'], true);
