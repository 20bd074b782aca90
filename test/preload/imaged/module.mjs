import dep from 'dep';
import lazy from './lazy.js';

export default [dep.name, typeof lazy, import.meta.url, import.meta.filename];
