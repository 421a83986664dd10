/** The main job where there is no Python to run notebooks with: the same fits and the same comparison, by the command line. */
import { handOver } from './support/commands.mjs';
import { inRoot, root } from './support/paths.mjs';

const data = inRoot('data', 'young-women', 'young-women.csv.gz');
const effort = { smoke: ['--steps', '20'], classroom: ['--minutes', '5'], published: ['--minutes', '30'] };

/** Fits both models and compares them; gives the exit code of what failed, or 0. */
export const fitAndCompare = async (profile) => {
  const laborLlm = (...args) =>
    handOver(process.execPath, [inRoot('lib', 'bin', 'labor-llm.js'), ...args], { cwd: root });
  const folder = (model) => inRoot('data', 'results', profile, 'fitted', model);
  for (const [model, options] of [
    ['empirical', []],
    ['labor-llm', [...effort[profile], '--resume']],
  ]) {
    const code = await laborLlm('fit', '--model', model, '--data', data, '--out', folder(model), ...options);
    if (code !== 0) return code;
  }
  return laborLlm('compare', folder('labor-llm'), folder('empirical'), '--data', data);
};
