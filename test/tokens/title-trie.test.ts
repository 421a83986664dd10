import { strict as assert } from 'node:assert';
import { titleTrie, TokensError } from 'labor-llm/tokens';

describe('titleTrie', () => {
  // 9 stands for the newline: titles "5", "5 6", "5 6 7", "4 6"
  const answers = [
    [5, 9],
    [5, 6, 9],
    [5, 6, 7, 9],
    [4, 6, 9],
  ];

  it('has a node for each beginning that titles share, in depth-first order, children by token', () => {
    const trie = titleTrie(answers);
    assert.deepEqual(trie, {
      size: 10,
      token: Int32Array.of(-1, 4, 6, 9, 5, 6, 7, 9, 9, 9),
      parent: Int32Array.of(-1, 0, 1, 2, 0, 4, 5, 6, 5, 4),
      depth: Int32Array.of(0, 1, 2, 3, 1, 2, 3, 4, 3, 2),
      children: [[1, 4], [2], [3], [], [5, 9], [6, 8], [7], [], [], []],
      inner: [1, 2, 4, 5, 6],
      deepest: 4,
      leaf: Int32Array.of(9, 8, 7, 3),
    });
  });

  it('leads from each leaf back through the tokens of its title', () => {
    const trie = titleTrie(answers);
    answers.forEach((tokens, occupation) => {
      const back: number[] = [];
      for (let node = trie.leaf[occupation] as number; node > 0; node = trie.parent[node] as number) {
        back.unshift(trie.token[node] as number);
      }
      assert.deepEqual(back, tokens);
    });
  });

  it('refuses a title that is empty, another one again, or the beginning of another', () => {
    for (const wrong of [[], [5, 6, 9], [4]]) {
      assert.throws(() => titleTrie([...answers, wrong]), TokensError, JSON.stringify(wrong));
    }
    assert.throws(() => titleTrie([[], [1]]), { name: 'TokensError', value: 0 });
  });

  it('is the root alone where nothing is declared', () => {
    assert.equal(titleTrie([]).size, 1);
  });
});
