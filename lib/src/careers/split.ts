/**
 * The split by person, or by household where the file has `cluster_id`: by a hash of the id alone, so that it is the
 * same on every machine, in every language with a CRC-32, and whoever else is in the file.
 */
import { crc32 } from 'node:zlib';
import type { Career, Survey } from './survey';

export type Part = 'train' | 'validation' | 'test';

/** crc32(cluster, as UTF-8) % 100: 0 to 99. */
export const hashBucket = (career: Pick<Career, 'cluster'>): number => crc32(career.cluster) % 100;

/** Below 70 train, 70 to 79 validation, 80 and up test. */
export const partOf = (career: Pick<Career, 'cluster'>): Part => {
  const bucket = hashBucket(career);
  return bucket < 70 ? 'train' : bucket < 80 ? 'validation' : 'test';
};

/** The survey's careers by part; each part keeps the survey's name and occupations, and may be empty. */
export const splitSurvey = (survey: Survey): Readonly<Record<Part, Survey>> => ({
  train: careersWhere(survey, (career) => partOf(career) === 'train'),
  validation: careersWhere(survey, (career) => partOf(career) === 'validation'),
  test: careersWhere(survey, (career) => partOf(career) === 'test'),
});

/**
 * The inner fold, for choosing among configurations without touching the validation persons: of the train persons,
 * buckets 0 to 55 to fit on and 56 to 69 to choose by. Validation and test persons are in neither.
 */
export const innerFold = (survey: Survey): { readonly fit: Survey; readonly choose: Survey } => ({
  fit: careersWhere(survey, (career) => hashBucket(career) < 56),
  choose: careersWhere(survey, (career) => hashBucket(career) >= 56 && hashBucket(career) < 70),
});

const careersWhere = (survey: Survey, keep: (career: Career) => boolean): Survey => ({
  ...survey,
  careers: survey.careers.filter(keep),
});
