/**
 * Answers made less sure. A network is surer of its answers than they bear out where it was fitted on few persons; dividing
 * its scores by a temperature above 1 mends that (Guo, Pleiss, Sun and Weinberger 2017, arXiv 1706.04599). Here the parameters
 * are divided that all scores are linear in, so that the weights say it all.
 */
import { tf, type Parameters } from '../tensors';
import { ModelError } from './model-error';

/** @throws ModelError where it is not above 0. */
export const checkTemperature = (temperature: number): void => {
  if (temperature > 0) return;
  throw new ModelError(`temperature is ${temperature}: give a number above 0, 1 for none.`, { temperature });
};

/** Divides the named parameters, those of them that there are. */
export const temper = (parameters: Parameters, names: readonly string[], temperature: number): void => {
  if (temperature === 1) return;
  for (const name of names.filter((one) => parameters.names.includes(one))) {
    const variable = parameters.get(name);
    tf.tidy(() => variable.assign(tf.div(variable, temperature)));
  }
};
