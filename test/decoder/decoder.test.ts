import { strict as assert } from 'node:assert';
import { readFileSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  Branches,
  Decoder,
  decoderConfig,
  disposeCache,
  extendPrefix,
  loadDecoder,
  runPrefix,
  saveDecoder,
  type PrefixCache,
} from 'labor-llm/decoder';
import { Random } from 'labor-llm/support';
import { AdamW, tf } from 'labor-llm/tensors';
import { tokenBatch, trainingStep } from 'labor-llm/training';
import { onEachBackend } from '../support/backends';
import { assertClose } from '../support/closeness';

interface Golden {
  readonly ids: number[][];
  readonly logits: number[][];
  readonly loss: number;
  readonly gradients: Record<string, number[]>;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly losses: number[];
}

const fixtures = path.join(__dirname, '../fixtures/decoder');

const batchOf = (ids: number[][]) =>
  tokenBatch(ids.map((row) => ({ ids: Int32Array.from(row), weights: new Float32Array(row.length).fill(1) })));

onEachBackend('Decoder', () => {
  for (const name of ['llama-tiny', 'llama-tied', 'llama-scaled']) {
    describe(`agrees with transformers (fixtures/decoder/${name}, made by llama_tiny.py)`, () => {
      const golden = JSON.parse(readFileSync(path.join(fixtures, name, 'golden.json'), 'utf8')) as Golden;
      const batch = batchOf(golden.ids);
      let decoder: Decoder;
      beforeEach(async () => {
        decoder = await loadDecoder(path.join(fixtures, name));
      });
      afterEach(() => decoder.dispose());

      it('on the logits of every token, to 1e-4', () => {
        const { inputs, B, T } = batch;
        const logits = tf.tidy(() => decoder.logits(decoder.hidden(tf.tensor1d(inputs, 'int32'), B, T)).arraySync());
        // what stands behind the shorter sequence's end is filling, which transformers computes with other ids
        const tokens = golden.ids.flatMap((row, b) => row.slice(1).map((_, t) => b * T + t));
        for (const token of tokens) {
          assertClose(logits[token] as number[], golden.logits[token] as number[], 1e-4, `token ${token}`);
        }
      });

      it("on the loss and on every parameter's gradient, to 1e-3", () => {
        const { value, grads } = tf.variableGrads(() => decoder.loss(batch), decoder.parameters.variables);
        assertClose(value.dataSync(), [golden.loss], 1e-5, 'loss');
        assert.deepEqual(Object.keys(golden.gradients).sort(), decoder.parameters.names.sort());
        for (const parameter of decoder.parameters.names) {
          const gradient = grads[decoder.parameters.get(parameter).name] as tf.Tensor;
          assertClose(gradient.dataSync(), golden.gradients[parameter] as number[], 1e-3, parameter);
        }
        tf.dispose([value, grads]);
      });

      it('on the losses of ten steps of AdamW, decay on matrices alone, and leaves no tensor behind', () => {
        const adamw = { beta1: 0.9, beta2: 0.98, epsilon: 1e-8, weightDecay: golden.weightDecay };
        const optimizer = new AdamW(decoder.parameters, adamw);
        const model = { parameters: decoder.parameters, loss: () => decoder.loss(batch) };
        const before = tf.memory().numTensors;
        const losses = golden.losses.map(
          (_, step) => trainingStep(model, optimizer, batch, golden.learningRate, step, Infinity).loss,
        );
        assertClose(losses, golden.losses, 1e-4, 'losses');
        assert.equal(tf.memory().numTensors, before);
        optimizer.dispose();
      });
    });
  }

  it('has the gradient that finite differences of the loss have', () => {
    const config = decoderConfig({
      vocab_size: 11,
      hidden_size: 8,
      intermediate_size: 12,
      num_hidden_layers: 1,
      num_attention_heads: 2,
      num_key_value_heads: 1,
    });
    const decoder = new Decoder(config, 5);
    // far from the tiny initial weights, whose norms bend the loss too much for differences
    const grown = decoder.parameters.toArrays().map((array) => ({
      ...array,
      data: array.data.map((x, i) => (array.shape.length > 1 ? x * 30 : x + 0.1 * Math.sin(i))),
    }));
    decoder.parameters.assign(grown, 'test');
    const batch = batchOf([
      [1, 5, 2, 9],
      [3, 3, 10],
    ]);
    const { value, grads } = tf.variableGrads(() => decoder.loss(batch), decoder.parameters.variables);
    for (const name of decoder.parameters.names) {
      const variable = decoder.parameters.get(name);
      const start = variable.dataSync().slice();
      const direction = start.map((_, i) => Math.cos(3 * i + 1));
      const lossAt = (h: number): number =>
        tf.tidy(() => {
          variable.assign(
            tf.tensor(
              start.map((x, i) => x + h * (direction[i] as number)),
              variable.shape,
            ),
          );
          return decoder.loss(batch).dataSync()[0] as number;
        });
      const h = 2e-3;
      const numeric = (8 * (lossAt(h) - lossAt(-h)) - (lossAt(2 * h) - lossAt(-2 * h))) / (12 * h);
      lossAt(0);
      const gradient = (grads[variable.name] as tf.Tensor).dataSync() as Float32Array;
      const along = gradient.reduce((sum, g, i) => sum + g * (direction[i] as number), 0);
      assert.ok(
        Math.abs(along - numeric) <= 2e-3 * Math.max(1, Math.abs(numeric)),
        `${name}: ${along} against ${numeric}`,
      );
    }
    tf.dispose([value, grads]);
    decoder.dispose();
  });

  it('lets no token see what comes after it or stands in another sequence', () => {
    const decoder = new Decoder(
      decoderConfig({ vocab_size: 20, hidden_size: 16, num_attention_heads: 2, num_key_value_heads: 2 }),
      1,
    );
    const hiddenOf = (rows: number[][]) => {
      const { inputs, B, T } = batchOf(rows);
      return tf.tidy(() => decoder.hidden(tf.tensor1d(inputs, 'int32'), B, T).arraySync());
    };
    const a = hiddenOf([
      [1, 2, 3, 4, 5, 0],
      [6, 7, 8, 9, 0],
    ]);
    const b = hiddenOf([
      [1, 2, 3, 19, 18, 0],
      [11, 12, 13, 14, 15],
    ]);
    for (let t = 0; t < 3; t++) assertClose(b[t] as number[], a[t] as number[], 1e-6, `token ${t}`);
    assert.notDeepEqual(a[3], b[3]);
    decoder.dispose();
  });

  it('runs branches behind a prefix, in one wave and in two, as it runs each whole text', () => {
    const settings = { vocab_size: 20, hidden_size: 16, num_attention_heads: 4, num_key_value_heads: 2 };
    const decoder = new Decoder(decoderConfig(settings), 3);
    const prefix = [4, 8, 15, 16, 2, 3];
    const random = new Random(5);
    // every token behind the prefix or behind an earlier one; what follows another sees as much of the prefix
    const ids = Array.from({ length: 90 }, () => random.integer(20));
    const parents = ids.map((_, node) => random.integer(node + 1) - 1);
    const lengths: number[] = [];
    parents.forEach((parent) => lengths.push(parent < 0 ? 1 + random.integer(6) : (lengths[parent] as number)));
    const texts = ids.map((_, node) => {
      const path: number[] = [];
      for (let at = node; at >= 0; at = parents[at] as number) path.unshift(ids[at] as number);
      return [...prefix.slice(0, lengths[node]), ...path];
    });
    const longest = Math.max(...texts.map((text) => text.length));
    const before = tf.memory().numTensors;
    const cache = runPrefix(decoder, prefix);
    const hiddenOf = (...waves: readonly [from: number, to: number][]): number[][] => {
      const branches = new Branches(decoder, cache, longest);
      const rows = waves.flatMap(([from, to]) => {
        const part = <T>(values: readonly T[]): readonly T[] => values.slice(from, to);
        const hidden = branches.run({ ids: part(ids), parents: part(parents), lengths: part(lengths) });
        const values = hidden.arraySync();
        hidden.dispose();
        return values;
      });
      branches.dispose();
      return rows;
    };
    const [atOnce, inTwo] = [hiddenOf([0, 90]), hiddenOf([0, 37], [37, 90])];
    disposeCache(cache);
    assert.equal(tf.memory().numTensors, before);
    texts.forEach((text, node) => {
      const whole = tf.tidy(() => decoder.hidden(tf.tensor1d(text, 'int32'), 1, text.length).arraySync()).at(-1);
      assertClose(atOnce[node] as number[], whole as number[], 1e-4, `at once, ${node}`);
      assertClose(inTwo[node] as number[], whole as number[], 1e-4, `in two, ${node}`);
    });
    decoder.dispose();
  });

  it('runs tokens behind a prefix that is kept as it runs both together', () => {
    const settings = { vocab_size: 20, hidden_size: 16, num_attention_heads: 4, num_key_value_heads: 2 };
    const decoder = new Decoder(decoderConfig(settings), 3);
    const ids = Array.from({ length: 40 }, (_, place) => (place * 7) % 20);
    const before = tf.memory().numTensors;
    const prefix = runPrefix(decoder, ids.slice(0, 25));
    const [extended, whole] = [extendPrefix(decoder, prefix, ids.slice(25)), runPrefix(decoder, ids)];
    const flat = ({ keys, values, hidden }: PrefixCache): Float32Array[] =>
      [...keys, ...values, hidden].map((tensor) => tensor.dataSync() as Float32Array);
    assert.equal(extended.length, whole.length);
    const [found, expected] = [flat(extended), flat(whole)];
    found.forEach((values, index) => assertClose(values, expected[index] as Float32Array, 1e-4, `part ${index}`));
    for (const cache of [extended, whole, prefix]) disposeCache(cache);
    assert.equal(tf.memory().numTensors, before);
    decoder.dispose();
  });

  it('drops units in training, the same ones for the same seed, and scales the rest up', () => {
    const decoder = new Decoder(
      decoderConfig({ vocab_size: 20, hidden_size: 16, num_attention_heads: 2, num_key_value_heads: 2 }),
      1,
    );
    const batch = batchOf([[1, 2, 3, 4, 5, 6, 7, 8]]);
    const lossWith = (drop?: { rate: number; seed: number }): number =>
      tf.tidy(() => decoder.loss(batch, drop).dataSync()[0] as number);
    assert.equal(lossWith({ rate: 0.5, seed: 1 }), lossWith({ rate: 0.5, seed: 1 }));
    assert.notEqual(lossWith({ rate: 0.5, seed: 1 }), lossWith({ rate: 0.5, seed: 2 }));
    assert.notEqual(lossWith({ rate: 0.5, seed: 1 }), lossWith());
    decoder.dispose();
  });

  it('writes a folder that reads back to the same weights and numbers', async () => {
    const folder = await mkdtemp(path.join(tmpdir(), 'decoder-'));
    const decoder = await loadDecoder(path.join(fixtures, 'llama-tiny'));
    await saveDecoder(folder, decoder, { beginOfText: 0, endOfText: 0 });
    const again = await loadDecoder(folder);
    assert.deepEqual(again.config, decoder.config);
    assert.deepEqual(again.parameters.toArrays(), decoder.parameters.toArrays());
    decoder.dispose();
    again.dispose();
    await rm(folder, { recursive: true });
  });
});

describe('loadDecoder', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'decoder-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const write = async (change: Record<string, unknown>, weights?: (bytes: Buffer) => Buffer) => {
    const source = path.join(fixtures, 'llama-tiny');
    const config = JSON.parse(await readFile(path.join(source, 'config.json'), 'utf8')) as Record<string, unknown>;
    await writeFile(path.join(folder, 'config.json'), JSON.stringify({ ...config, ...change }));
    const bytes = await readFile(path.join(source, 'model.safetensors'));
    await writeFile(path.join(folder, 'model.safetensors'), weights ? weights(bytes) : bytes);
  };

  it('says which file is missing', async () => {
    await assert.rejects(loadDecoder(folder), /config\.json cannot be read/);
  });
  it('refuses another family of models', async () => {
    await write({ model_type: 'gpt2' });
    await assert.rejects(loadDecoder(folder), /model_type is "gpt2"/);
  });
  it("refuses positions that are scaled in another way than Llama 3's, and those that do not say how far", async () => {
    await write({ rope_parameters: { rope_type: 'yarn' } });
    await assert.rejects(loadDecoder(folder), /rope type is yarn/);
    await write({ rope_parameters: { rope_type: 'llama3', factor: 8, low_freq_factor: 1 } });
    await assert.rejects(loadDecoder(folder), /high_freq_factor is undefined/);
  });
  it('keeps scaled positions when it is saved: read again it says the same', async () => {
    const decoder = await loadDecoder(path.join(fixtures, 'llama-scaled'));
    await saveDecoder(folder, decoder, { beginOfText: 1, endOfText: 2 });
    const again = await loadDecoder(folder);
    assert.deepEqual(again.config, decoder.config);
    assert.equal(again.config.rope_scaling?.factor, 8);
    const logits = (of: Decoder) =>
      tf.tidy(() => [...of.logits(of.hidden(tf.tensor1d([3, 17, 5, 29], 'int32'), 1, 4)).dataSync()]);
    assert.deepEqual(logits(again), logits(decoder));
    [decoder, again].forEach((one) => one.dispose());
  });
  it('reads weights in several files, and says which is missing', async () => {
    const source = path.join(fixtures, 'llama-scaled');
    const files = await readdir(source);
    assert.ok(files.filter((file) => file.endsWith('.safetensors')).length > 1);
    for (const file of files) await copyFile(path.join(source, file), path.join(folder, file));
    await rm(path.join(folder, 'model-00002-of-00004.safetensors'));
    await assert.rejects(
      loadDecoder(folder),
      /model-00002-of-00004\.safetensors is missing, which model\.safetensors\.index/,
    );
    await rm(path.join(folder, 'model.safetensors.index.json'));
    await assert.rejects(
      loadDecoder(folder),
      /neither model\.safetensors nor model\.safetensors\.index\.json is there/,
    );
  });
  it('names the tensor whose shape is not the configuration’s', async () => {
    await write({ intermediate_size: 20 });
    await assert.rejects(loadDecoder(folder), /mlp\.gate_proj\.weight is \[24, 16\], the model needs \[20, 16\]/);
  });
  it('says where a file is cut off', async () => {
    await write({}, (bytes) => bytes.subarray(0, bytes.length - 100));
    await assert.rejects(loadDecoder(folder), /it is cut off/);
  });
  it('refuses a sequence beyond the longest', async () => {
    await write({ max_position_embeddings: 3 });
    const decoder = await loadDecoder(folder);
    assert.throws(
      () => tf.tidy(() => decoder.loss(batchOf([[1, 2, 3, 4, 5]]))),
      /4 tokens is longer than max_position_embeddings 3/,
    );
    decoder.dispose();
  });
});
