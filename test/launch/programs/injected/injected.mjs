import './dependency.cjs';
