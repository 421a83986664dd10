/** A model's own settings, as `FitOptions.config` gives them. */
import { ModelError } from './model-error';

/** What a command line gives for a list, `year,age` or `none`, as the list; anything else as it is. */
const listed = (value: unknown, known: unknown): unknown =>
  !Array.isArray(known) || typeof value !== 'string' ? value : value === 'none' ? [] : value.split(',');

/**
 * The defaults, overruled by what is given; a list may be given as text, its entries between commas.
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
  const values = Object.fromEntries(Object.entries(given).map(([key, value]) => [key, listed(value, known[key])]));
  for (const [key, value] of Object.entries(values)) {
    if (!(key in known)) {
      throw new ModelError(`${model} has no setting "${key}". It has: ${Object.keys(known).join(', ') || 'none'}.`, {
        setting: key,
      });
    }
    const wanted = Array.isArray(known[key]) ? 'list' : typeof known[key];
    if (wanted === 'list' ? !Array.isArray(value) : typeof value !== wanted) {
      throw new ModelError(`Setting ${key} of ${model} is ${JSON.stringify(value)}: give a ${wanted}.`, {
        setting: key,
      });
    }
  }
  return { ...defaults, ...values };
};
