/** The npm packages, as package-lock.json names them. npm itself notes what it installed; that is compared, no mark of ours. */
import { readJson } from '../support/files.mjs';
import { SetupError } from '../support/errors.mjs';
import { run } from '../support/commands.mjs';
import { inRoot, root } from '../support/paths.mjs';

export const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

/** npm writes node_modules/.package-lock.json last, so that it is there only after a whole installation. */
const isDone = () => {
  const wanted = readJson(inRoot('package-lock.json'))?.packages ?? {};
  const installed = readJson(inRoot('node_modules', '.package-lock.json'))?.packages;
  if (!installed) return false;
  const isSame = (path) =>
    wanted[path]?.version === installed[path]?.version && wanted[path]?.integrity === installed[path]?.integrity;
  return (
    Object.keys(installed).every((path) => path in wanted) &&
    // optional ones are for other platforms
    Object.keys(wanted).every((path) => path === '' || (wanted[path].optional && !installed[path]) || isSame(path))
  );
};

export const packages = {
  name: 'npm packages',
  doing: 'those that package-lock.json names',
  isDone,

  async run() {
    try {
      await run(npm, ['ci', '--no-audit', '--no-fund'], { cwd: root });
    } catch (error) {
      throw new SetupError('npm ci failed: see to what it says, and run the command again', {
        details: error.details || error.message,
      });
    }
  },
};
