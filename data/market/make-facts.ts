/**
 * Writes nlsy97-facts.json: what NLSY97 is like, in the moments that the synthetic market is compared by.
 *
 *     npx tsx data/market/make-facts.ts ../shared/data/nlsy97/nlsy97.csv.gz
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSurvey } from '../../lib/src/careers';
import { surveyMoments } from '../../lib/src/studies/survey-moments';

const rounded = (_: string, value: unknown): unknown =>
  typeof value === 'number' ? Number(value.toPrecision(5)) : value;

const main = async (path: string): Promise<void> => {
  const moments = surveyMoments(await readSurvey(path));
  writeFileSync(join(__dirname, 'nlsy97-facts.json'), `${JSON.stringify(moments, rounded, 1)}\n`);
};

void main(process.argv[2] ?? '');
