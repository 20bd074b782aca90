import './approved.cts';
