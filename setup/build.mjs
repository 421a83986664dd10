/** `npm run build`: installs the npm packages if need be, and compiles lib/. */
import { prepare, runCommand } from './steps/index.mjs';
import { library } from './steps/library.mjs';
import { packages } from './steps/packages.mjs';

await runCommand(() => prepare({ only: [packages, library] }));
