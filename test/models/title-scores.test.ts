import { strict as assert } from 'node:assert';
import { Branches, Decoder, decoderConfig, disposeCache, runPrefix, type PrefixCache } from 'labor-llm/decoder';
import { Random } from 'labor-llm/support';
import { tf } from 'labor-llm/tensors';
import { titleTrie, type TitleTrie } from 'labor-llm/tokens';
import { scoreTitles, type TitleScores } from '../../lib/dist/models/title-scores.js';
import { onEachBackend } from '../support/backends';
import { assertClose } from '../support/closeness';

/** Titles of two to seven tokens below 20, ended by token 19, many with beginnings in common. */
const randomTitles = (count: number, seed: number): number[][] => {
  const random = new Random(seed);
  const titles = new Map<string, number[]>();
  while (titles.size < count) {
    const title = Array.from({ length: 2 + random.integer(6) }, (_, i) => random.integer(i === 0 ? 6 : 18));
    titles.set(title.join(), [...title, 19]);
  }
  return [...titles.values()];
};

onEachBackend('scoreTitles', () => {
  const prompt = [4, 8, 15, 16, 2, 3, 7];
  const lengths = [3, 5, 7];
  let decoder: Decoder;
  let prefix: PrefixCache;
  before(() => {
    const settings = { vocab_size: 20, hidden_size: 16, num_attention_heads: 4, num_key_value_heads: 2 };
    decoder = new Decoder(decoderConfig(settings), 3);
    // away from the beginning's near-uniform probabilities
    for (const variable of decoder.parameters.variables) variable.assign(tf.tidy(() => tf.mul(variable, 8)));
    prefix = runPrefix(decoder, prompt);
  });
  after(() => {
    disposeCache(prefix);
    decoder.dispose();
  });

  const places = (trie: TitleTrie): { length: number; trie: TitleTrie }[] =>
    lengths.map((length) => ({ length, trie }));

  const massOf = ({ logProbabilities }: TitleScores): number =>
    logProbabilities.reduce((sum, logP) => sum + Math.exp(logP), 0);

  it('gives each title what one pass over prompt and title gives, however the tree is cut into blocks', async () => {
    const titles = randomTitles(60, 1);
    const trie = titleTrie(titles);
    const before = tf.memory().numTensors;
    const whole = await scoreTitles(decoder, prefix, places(trie));
    const inBlocks = await scoreTitles(decoder, prefix, places(trie), 0, 17);
    assert.equal(tf.memory().numTensors, before);
    lengths.forEach((length, place) => {
      const expected = titles.map((title) => {
        const ids = [...prompt.slice(0, length), ...title];
        const logits = tf.tidy(() => {
          const hidden = decoder.hidden(tf.tensor1d(ids.slice(0, -1), 'int32'), 1, ids.length - 1);
          return tf.logSoftmax(decoder.logits(hidden)).arraySync();
        });
        return title.reduce((sum, token, i) => sum + (logits[length - 1 + i]?.[token] as number), 0);
      });
      assertClose(whole[place]?.logProbabilities as Float64Array, expected, 1e-4, `place ${place}`);
      assertClose(inBlocks[place]?.logProbabilities as Float64Array, expected, 1e-4, `place ${place}, in blocks`);
      assert.equal(whole[place]?.leftOut, 0);
    });
  });

  it('asks about other titles at each place', async () => {
    const all = randomTitles(40, 4);
    const own = [all.slice(0, 3), all.slice(3, 4), all.slice(10, 40)];
    const whole = await scoreTitles(decoder, prefix, places(titleTrie(all)));
    const asked = own.map((titles, place) => ({ length: lengths[place] as number, trie: titleTrie(titles) }));
    for (const blockTokens of [8192, 5]) {
      const scores = await scoreTitles(decoder, prefix, asked, 0, blockTokens);
      own.forEach((titles, place) => {
        const expected = titles.map((title) => whole[place]?.logProbabilities[all.indexOf(title)] as number);
        assertClose(scores[place]?.logProbabilities as Float64Array, expected, 1e-4, `place ${place}`);
      });
    }
  });

  it('with a bound leaves improbable branches out, and says how much probability they have', async () => {
    const titles = randomTitles(300, 2);
    const trie = titleTrie(titles);
    const exact = await scoreTitles(decoder, prefix, places(trie));
    const all = exact.flatMap(({ logProbabilities }) => [...logProbabilities]).sort((a, b) => b - a);
    const least = all[20] as number; // few titles are as probable
    for (const blockTokens of [8192, 23]) {
      const cut = await scoreTitles(decoder, prefix, places(trie), Math.exp(least - 1e-3), blockTokens);
      cut.forEach((scores, place) => {
        const followed = [...scores.logProbabilities].flatMap((logP, j) => (logP === -Infinity ? [] : [j]));
        assert.ok(followed.length < titles.length, `${followed.length} followed`);
        const { logProbabilities } = exact[place] as TitleScores;
        for (const j of followed) {
          const difference = Math.abs((scores.logProbabilities[j] as number) - (logProbabilities[j] as number));
          assert.ok(difference < 1e-4, `title ${j}: ${difference}`);
        }
        // what is missing lies behind the branches that were left out, and no branch of the bound's probability was
        const missing = massOf(exact[place] as TitleScores) - massOf(scores);
        assert.ok(missing > 0 && missing <= scores.leftOut + 1e-6, `${missing} missing of ${scores.leftOut}`);
        logProbabilities.forEach((logP, j) => assert.ok(logP < least || followed.includes(j), `title ${j}`));
      });
    }
  });

  it('scores 10,000 titles in runs of bounded size', async () => {
    const trie = titleTrie(randomTitles(10_000, 3));
    const runs: number[] = [];
    const run = Branches.prototype.run;
    Branches.prototype.run = function (tokens) {
      runs.push(tokens.ids.length);
      return run.call(this, tokens);
    };
    try {
      const [scores] = await scoreTitles(decoder, prefix, [{ length: 5, trie }], 0, 2048);
      assert.ok(massOf(scores as TitleScores) < 1 + 1e-4);
      assert.ok(scores?.logProbabilities.every(Number.isFinite));
    } finally {
      Branches.prototype.run = run;
    }
    assert.ok(runs.length > 5 && runs.every((tokens) => tokens <= 2048 + 8), runs.join());
  });
});
