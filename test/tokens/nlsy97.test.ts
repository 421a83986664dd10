import { strict as assert } from 'node:assert';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { partOf, readSurvey, type Survey } from 'labor-llm/careers';
import { entryPrompt, parseResume, renderResume, resumeParts, templatePhrases, titleAnswer } from 'labor-llm/resumes';
import { ResumeTokenizer, titleTrie } from 'labor-llm/tokens';

const FILE = join(__dirname, '../../../shared/data/nlsy97/nlsy97.csv.gz');

describe('resumes and tokens of NLSY97', function () {
  this.timeout(60_000);
  let survey: Survey;
  let tokenizer: ResumeTokenizer;
  before(async function () {
    if (!existsSync(FILE)) {
      console.log('      NLSY97 is not at ../shared/data/nlsy97: its resumes and tokens are not tested.');
      return this.skip();
    }
    survey = await readSurvey(FILE);
    const train = survey.careers.filter((career) => partOf(career) === 'train');
    tokenizer = ResumeTokenizer.train(
      train.map((career) => resumeParts(career, career.observations, survey.occupations)),
      { titles: survey.occupations, phrases: templatePhrases(train) },
    );
  });

  it("keep every declared title's tokens apart from every education's prompt and from the next", () => {
    const educations = new Set(survey.careers.flatMap((career) => career.observations.map((row) => row.education)));
    const next = entryPrompt(2000, 'high school');
    assert.equal(survey.occupations.length, 344);
    assert.ok(educations.size >= 7);
    for (const education of [...educations, undefined]) {
      const prompt = entryPrompt(1999, education);
      for (const title of survey.occupations) {
        const apart = [prompt, titleAnswer(title), next].flatMap((segment) => tokenizer.encode(segment));
        assert.deepEqual(tokenizer.encode(prompt + titleAnswer(title) + next), apart, `${prompt} ${title}`);
      }
    }
  });

  it('give every career back from its resume, and its resume back from its tokens', () => {
    for (const career of survey.careers) {
      const text = renderResume(career, career.observations, survey.occupations);
      const { covariates, entries } = parseResume(text);
      const { survey: name, sex, ethnicity, region, birthYear } = career;
      assert.deepEqual(covariates, { survey: name, sex, ethnicity, region, birthYear });
      assert.deepEqual(
        entries,
        career.observations.map((row) => ({
          year: row.year,
          education: row.education,
          title: survey.occupations[row.occupation],
        })),
      );
      const { ids } = tokenizer.encodeResume(resumeParts(career, career.observations, survey.occupations));
      assert.equal(tokenizer.decode(ids), text);
    }
  });

  it('have one leaf for each of the 344 declared titles', () => {
    const trie = titleTrie(tokenizer.encodeTitles(survey.occupations));
    assert.equal(new Set(trie.leaf).size, 344);
  });
});
