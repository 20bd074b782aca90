console.log(require('conditioned'));
import('conditioned').then(({ default: value }) => console.log(value));
