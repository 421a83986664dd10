/** What notebook 05 fits: how long in each profile. */
import { careerFit } from './introduction';
import type { ProfileName } from './profile';

interface EmpiricalModelsPlan {
  /** Most iterations of each stage of the logit. */
  readonly logitIterations: number;
  /** Steps of CAREER, as the later notebooks fit it; without them its own passes over the persons. */
  readonly careerSteps?: number | undefined;
}

export const empiricalModelsFit: Readonly<Record<ProfileName, EmpiricalModelsPlan>> = {
  smoke: { logitIterations: 20, careerSteps: 20 },
  classroom: { logitIterations: 150, careerSteps: careerFit.classroom.steps },
  published: { logitIterations: 2000 },
};
