/** A model's own settings, as `FitOptions.config` gives them. */
import { ModelError } from './model-error';

/**
 * The defaults, overruled by what is given.
 *
 * @param model what the model is called in an error
 * @throws ModelError for a name that is no setting, or a value of another type than the default
 */
export const settingsFrom = <Settings extends object>(
  model: string,
  defaults: Settings,
  given: Readonly<Record<string, unknown>> = {},
): Settings => {
  const known = defaults as Readonly<Record<string, unknown>>;
  for (const [key, value] of Object.entries(given)) {
    if (!(key in known)) {
      throw new ModelError(`${model} has no setting "${key}". It has: ${Object.keys(known).join(', ') || 'none'}.`, {
        setting: key,
      });
    }
    if (typeof value !== typeof known[key]) {
      throw new ModelError(`Setting ${key} of ${model} is ${JSON.stringify(value)}: give a ${typeof known[key]}.`, {
        setting: key,
      });
    }
  }
  return { ...defaults, ...given };
};
