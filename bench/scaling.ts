/**
 * `npm run bench -- --scaling`: how time and memory of a fit and of scoring grow with parameters, persons and occupations,
 * each over a factor of ten, the other two held. Writes data/results/published/scaling.json and
 * figures/published/scaling.{svg,png}.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSafetensors, startBackend } from 'labor-llm/tensors';
import { disposeSharedRenderer, saveFigure, tableText } from 'labor-llm/report';
import { outputFolders, surroundings } from 'labor-llm/studies';
import { writeFileAtomic } from 'labor-llm/support';
import { measureIn } from './child';
import { axes, scalingPlot, type Axis, type Cost, type Point, type Sizes } from './scaling-plot';

const base: Sizes = { width: 96, persons: 300, occupations: 300 };

const series: Readonly<Record<Axis, readonly Sizes[]>> = {
  parameters: [64, 96, 160, 256].map((width) => ({ ...base, width })),
  persons: [100, 200, 500, 1000].map((persons) => ({ ...base, persons })),
  occupations: [100, 200, 500, 1000].map((occupations) => ({ ...base, occupations })),
};

const measure = async (axis: Axis, sizes: Sizes): Promise<Point> => {
  const folder = mkdtempSync(join(tmpdir(), 'labor-llm-scaling-'));
  const run = async (what: 'fit' | 'score'): Promise<Cost> => {
    const { width, persons, occupations } = sizes;
    const args = [what, folder, width, persons, occupations].map(String);
    const program = ['--require', 'tsx/cjs', join(__dirname, 'scaling-point.ts')];
    return (await measureIn(process.execPath, [...program, ...args])) as Cost;
  };
  try {
    const fit = await run('fit');
    const score = await run('score');
    const { arrays } = await readSafetensors(join(folder, 'model.safetensors'));
    const parameters = arrays.reduce((sum, { data }) => sum + data.length, 0);
    return { axis, ...sizes, parameters, fit, score };
  } finally {
    rmSync(folder, { recursive: true });
  }
};

const main = async (): Promise<void> => {
  const load = loadavg()[0];
  const { name: backend, threads } = await startBackend();
  const points: Point[] = [];
  for (const axis of axes) {
    for (const sizes of series[axis]) {
      const point = await measure(axis, sizes);
      points.push(point);
      const { parameters, persons, occupations } = point;
      console.log(`scaling: ${parameters} parameters, ${persons} persons, ${occupations} occupations`);
    }
  }
  console.log(
    `\n${tableText(
      points.map(({ fit, score, axis, parameters, persons, occupations }) => ({
        ...{ axis, parameters, persons, occupations },
        ...{ fit: fit.seconds, 'fit MB': fit.peakMegabytes, score: score.seconds, 'score MB': score.peakMegabytes },
      })),
      { formats: { fit: 1, score: 1, 'fit MB': 0, 'score MB': 0 }, headers: { fit: 'fit s', score: 'score s' } },
    )}\n`,
  );
  const { results, figures } = outputFolders('published');
  const command = 'npm run bench -- --scaling';
  const manifest = { study: 'scaling', seed: 1, ...surroundings(), backend, threads, load, command };
  const path = join(results, 'scaling.json');
  await writeFileAtomic(path, `${JSON.stringify({ manifest, points }, null, 2)}\n`);
  await saveFigure(scalingPlot(points), 'scaling', figures);
  disposeSharedRenderer();
  console.log(`written to ${path} and ${join(figures, 'scaling.svg')}`);
};

void main();
