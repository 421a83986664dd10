import { strict as assert } from 'node:assert';
import { leadsPlot, leadsTable, returnsPlot, returnsTable, tableText, type Figure } from 'labor-llm/report';
import type { Lead, Returns } from 'labor-llm/studies';

const estimate = (value: number) => ({ value, standardError: 0.1, interval: [value - 0.01, value + 0.01] as const });

const lead = (back: number, all: number): readonly Lead[] => [
  { situation: 'out of work after a job', observations: 12, ratio: estimate(back) },
  { situation: 'all', observations: 1200, ratio: estimate(all) },
];

const found: Returns = {
  reference: 'career',
  persons: 80,
  leads: [
    { model: 'empirical', of: lead(0.6, 0.5) },
    { model: 'labor-llm', of: lead(1.02, 1.04) },
  ],
  askedPersons: 40,
  comingBack: [
    {
      place: 'out of work',
      observations: 12,
      observed: estimate(0.25),
      expected: [
        { model: 'career', share: estimate(0.02) },
        { model: 'labor-llm', share: estimate(0.07) },
      ],
    },
  ],
};

describe('leads and returns', () => {
  const traces = ({ data }: Figure) => data as readonly Record<string, unknown>[];

  it('are dots by what was known, without counting, whose distance would leave the others no room', () => {
    const data = traces(leadsPlot('made up', found));
    assert.deepEqual(
      data.filter((one) => one['name'] !== undefined).map((one) => [one['name'], one['x']]),
      [['labor-llm', [1.02, 1.04]]],
    );
    assert.deepEqual(data[0]?.['customdata'], ['out of work after a job (12)', 'all (1,200)']);
  });

  it('are dots by model, what was observed first', () => {
    const data = traces(returnsPlot('made up', found));
    assert.deepEqual(
      [data[0]?.['x'], data[0]?.['customdata']],
      [
        [0.25, 0.02, 0.07],
        ['observed', 'career', 'labor-llm'],
      ],
    );
  });

  it('are tables with intervals and counts', () => {
    const lines = ({ rows, options }: ReturnType<typeof leadsTable>) => tableText(rows, options);
    assert.match(
      lines(leadsTable('made up', found)),
      /all +1,200 +0\.500 \(0\.490 to 0\.510\) +1\.040 \(1\.030 to 1\.050\)/,
    );
    const back = lines(returnsTable('made up', found));
    assert.match(back, /observed +0\.250 \(0\.240 to 0\.260\)/);
    assert.match(back, /12 out of work, of 40 persons held out, had another job before/);
  });
});
