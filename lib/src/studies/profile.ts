/** How much is computed: `smoke` for tests, `classroom` for a laptop, `published` for the figures that we stand behind. */
import { StudyError } from './study-error';

export const profileNames = ['smoke', 'classroom', 'published'] as const;

export type ProfileName = (typeof profileNames)[number];

/**
 * The profile that LABOR_LLM_PROFILE names; classroom without it.
 *
 * @throws StudyError for a name that is no profile's.
 */
export const profile = (wanted: string | undefined = process.env['LABOR_LLM_PROFILE']): ProfileName => {
  const name = wanted === undefined || wanted === '' ? 'classroom' : wanted;
  const known = profileNames.find((one) => one === name);
  if (known !== undefined) return known;
  throw new StudyError(`LABOR_LLM_PROFILE is "${name}", which is no profile: ${profileNames.join(', ')}.`, { name });
};
