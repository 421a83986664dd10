/**
 * The notebooks' kernel: tslab, as Jupyter starts it, with three habits that Jupyter's own kernels have.
 * It hears nobody before it can answer; it ends when the program that started it is gone (or killed), instead of computing on
 * for nobody; and Node's notices about deprecated calls inside packages do not land in a reader's first cell.
 */
const startedBy = process.ppid;
setInterval(() => {
  if (process.ppid !== startedBy) process.exit(0);
}, 1000).unref();

process.noDeprecation = true;

require('./support/bound-first.cjs').bindFirst(require('zeromq').Socket);
require('../node_modules/tslab/dist/main.js').main();
