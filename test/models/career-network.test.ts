import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { tf } from 'labor-llm/tensors';
import { CareerCoding, type CareerSequence } from '../../lib/dist/models/career-coding.js';
import { CareerNetwork } from '../../lib/dist/models/career-network.js';
import type { CareerBatch } from '../../lib/dist/models/code-network.js';
import { careerSettings, type CareerCovariate, type CareerName } from '../../lib/dist/models/career-settings.js';
import { onEachBackend } from '../support/backends';
import { assertClose } from '../support/closeness';

interface Golden {
  readonly careers: {
    readonly last: number[];
    readonly previous: number[];
    readonly targets: number[];
    readonly levels: Record<CareerCovariate, number[]>;
  }[];
  readonly parameters: Record<string, { readonly shape: number[]; readonly data: number[] }>;
  readonly logProbabilities: number[][];
  readonly loss: number;
  readonly gradients: Record<string, number[]>;
}

const rows = {
  year: 4,
  education: 3,
  ethnicity: 3,
  sex: 3,
  region: 2,
  age: 5,
  step: 5,
  tenure: 4,
  former: 6,
  survey: 2,
};
const names = (count: number): string[] => Array.from({ length: count }, (_, index) => (index === 0 ? '' : `${index}`));

const networkOf = (name: CareerName, config: Record<string, unknown> = {}, surveys = [names(5)]): CareerNetwork => {
  const settings = careerSettings(name, { width: 8, heads: 2, feedForward: 12, layers: 2, ...config });
  const levels = Object.fromEntries(Object.entries(rows).map(([key, count]) => [key, names(count)]));
  const tables = {
    titles: [...new Set(surveys.flat())],
    levels: levels as Record<CareerCovariate, string[]>,
    positions: 4,
  };
  const declared = surveys.map((titles, index) => ({ survey: `survey ${index}`, titles }));
  return new CareerNetwork(settings, new CareerCoding(declared, tables, settings), 1);
};

const batchOf = ({ careers }: Pick<Golden, 'careers'>): CareerBatch => ({
  sequences: careers.map(({ last, previous, levels }): CareerSequence => ({
    last: Int32Array.from(last),
    previous: Int32Array.from(previous),
    levels: Object.fromEntries(
      Object.entries(levels).map(([key, values]) => [key, Int32Array.from(values)]),
    ) as CareerSequence['levels'],
    survey: 0,
  })),
  asked: careers.flatMap(({ last }, career) => last.map((_, year) => [career, year] as const)),
});

onEachBackend('the network of CAREER', () => {
  for (const [name, file] of [
    ['career', 'career-tiny'],
    ['career-paper', 'career-paper-tiny'],
  ] as const) {
    describe(`as ${name} agrees with PyTorch (fixtures/models/${file}.json, made by career_tiny.py)`, () => {
      const text = readFileSync(path.join(__dirname, `../fixtures/models/${file}.json`), 'utf8');
      const golden = JSON.parse(text) as Golden;
      const targets = Int32Array.from(golden.careers.flatMap((career) => career.targets));
      let network: CareerNetwork;
      beforeEach(() => {
        network = networkOf(name);
        const arrays = Object.entries(golden.parameters).map(([key, { shape, data }]) => ({
          name: key,
          shape,
          data: Float32Array.from(data),
        }));
        network.parameters.assign(arrays, file);
      });
      afterEach(() => network.dispose());

      it('on the log-probability of every occupation at every year, to 1e-4', () => {
        const logs = tf.tidy(() => network.logProbabilities(batchOf(golden)).arraySync());
        assert.equal(logs.length, golden.logProbabilities.length);
        logs.forEach((row, n) => assertClose(row, golden.logProbabilities[n] as number[], 1e-4, `row ${n}`));
      });

      it("on the loss and on every parameter's gradient, to 1e-3", () => {
        const loss = () => network.loss(batchOf(golden), targets);
        const { value, grads } = tf.variableGrads(loss, network.parameters.variables);
        assertClose(value.dataSync(), [golden.loss], 1e-5, 'loss');
        for (const parameter of network.parameters.names) {
          const gradient = (grads[network.parameters.get(parameter).name] as tf.Tensor).dataSync() as Float32Array;
          const expected = golden.gradients[parameter] as number[];
          // a key's bias moves all of a query's scores alike: its gradient is 0 but for rounding
          if (parameter.endsWith('.k.bias'))
            assert.ok(gradient.every((g) => Math.abs(g) < 1e-4), parameter); // prettier-ignore
          else assertClose(gradient, expected, 1e-3, parameter);
        }
        tf.dispose([value, grads]);
      });
    });
  }

  const career = {
    last: [0, 1, 2],
    previous: [-1, 0, 1],
    targets: [0, 1, 1],
    levels: Object.fromEntries(Object.keys(rows).map((key) => [key, [1, 1, 1]])) as Record<CareerCovariate, number[]>,
  };

  it('drops units at every place in training, the same ones for the same seed', () => {
    const config = { dropout: 0, attentionDropout: 0.5, covariates: ['year'] };
    const logsWith = (network: CareerNetwork, seed?: number): number[] => [
      ...tf.tidy(() => network.logProbabilities(batchOf({ careers: [career] }), seed).dataSync()),
    ];
    for (const one of [config, { ...config, dropout: 0.5, attentionDropout: 0 }]) {
      const network = networkOf('career', { ...one, embeddingDeviation: 1 });
      assert.deepEqual(logsWith(network, 7), logsWith(network, 7));
      assert.notDeepEqual(logsWith(network, 7), logsWith(network, 8));
      assert.notDeepEqual(logsWith(network, 7), logsWith(network));
      network.dispose();
    }
  });

  it('keeps all probability on the occupations of the survey that is asked about', () => {
    const surveys = [['Cooks', 'Nurses', 'Clerks'], ['Nurses', 'Farmers'], ['Pilots']];
    const network = networkOf('career', {}, surveys);
    const { sequences, asked } = batchOf({ careers: [career, career, career] });
    const own = sequences.map((sequence, survey) => ({ ...sequence, survey }));
    const start = { ...(own[2] as CareerSequence), previous: Int32Array.of(-1, 4, 4) };
    const logs = tf.tidy(() => network.logProbabilities({ sequences: [own[0], own[1], start] as CareerSequence[], asked }).arraySync()); // prettier-ignore
    const columns = [[0, 1, 2], [1, 3], [4]]; // prettier-ignore
    asked.forEach(([survey, year], row) => {
      if (survey === 1 && year === 1) return; // stays in an occupation of another survey: no query can ask this
      const mass = (columns[survey] as number[]).reduce(
        (sum, j) => sum + Math.exp((logs[row] as number[])[j] as number),
        0,
      );
      assert.ok(Math.abs(mass - 1) < 1e-5, `survey ${survey}, year ${year}: ${mass}`);
    });
    network.dispose();
  });

  it('has the position of the longest train career for whatever is later', () => {
    const network = networkOf('career');
    const long = (length: number) => ({
      last: new Array<number>(length).fill(1),
      previous: new Array<number>(length).fill(0),
      targets: new Array<number>(length).fill(0),
      levels: Object.fromEntries(Object.keys(rows).map((key) => [key, new Array<number>(length).fill(1)])) as Record<CareerCovariate, number[]>,
    }); // prettier-ignore
    const logs = tf.tidy(() => network.logProbabilities(batchOf({ careers: [long(9)] })).arraySync());
    assert.ok(logs.flat().every(Number.isFinite));
    network.dispose();
  });
});
