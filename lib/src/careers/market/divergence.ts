/** How far two markets are from each other, in what can be predicted on them. */
import type { Market } from './market';

/**
 * Mean Kullback-Leibler divergence of one market's true conditional distributions from another's, over the rows of
 * careers drawn from the first: what a model loses, in nats an observation, that knows the other market perfectly and
 * takes it for this one. The number by which `delta`, `shift`, `breakSize` and `rho` are stated.
 *
 * @param other has rows wherever `market` has: two surveys, or two corpora of resumes
 */
export const divergence = (
  market: Market,
  other: Market,
  { persons, seed }: { readonly persons: number; readonly seed: number },
): number => {
  let [sum, rows] = [0, 0];
  for (const career of market.careers(seed, persons)) {
    const person = market.personOf(career);
    if (person === undefined) continue;
    const [own, its] = [market.filter(person), other.filter(person)];
    for (const { year, education, occupation } of career.observations) {
      const sight = { year, education: market.law.educations.indexOf(education ?? '') };
      const wrong = its.predict(sight);
      own.predict(sight).forEach((p, j) => {
        if (p > 0) sum += p * Math.log(p / (wrong[j] as number));
      });
      rows += 1;
      own.see(sight, occupation);
      its.see(sight, occupation);
    }
  }
  return sum / rows;
};
