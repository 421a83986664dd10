/** What is said under tables of drawn careers: what these cannot tell, and what in them is assumed. */
import { POPULATIONS } from '../careers';

const { nlsy97, nlsy79, psid81 } = POPULATIONS;
const STATES = 'the split of Not working into two states';
const BEYOND_THE_COUNTS = `ages above 41, retirement, years before 1997 and ${STATES}`;

/** A population that the market draws, or the same from a market of another form. */
const isOf =
  (survey: string) =>
  ({ survey: population }: { readonly survey: string }): boolean =>
    survey === population || survey.startsWith(`${population} `);

const isDrawn = (survey: string): boolean => Object.values(POPULATIONS).some(isOf(survey));

/** Notes of a table of these surveys; none where all are real. */
export const drawnNotes = (surveys: readonly string[]): readonly string[] => {
  if (!surveys.some(isDrawn)) return [];
  const goBeyond = surveys.filter((survey) => [nlsy79, psid81].some(isOf(survey)));
  const onlyStates = surveys.filter((survey) => isOf(survey)(nlsy97));
  const assumed = [
    ...(onlyStates.length > 0 ? [`${STATES} (${onlyStates.join(', ')})`] : []),
    ...(goBeyond.length > 0 ? [`${BEYOND_THE_COUNTS} (${goBeyond.join(', ')})`] : []),
  ];
  return [
    'On drawn careers titles help as much as the design of their market lets them; only real surveys tell about real titles.',
    ...(assumed.length > 0 ? [`No counts are behind, so that the market assumes: ${assumed.join('; ')}.`] : []),
  ];
};

/** The same of a table of models' orders. */
export const drawnOrderNotes = (surveys: readonly string[]): readonly string[] => {
  const notes = drawnNotes(surveys);
  return notes.length === 0
    ? []
    : ["An order on drawn careers is a finding only where the market's other form agrees.", ...notes];
};
