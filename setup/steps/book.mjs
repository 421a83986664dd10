/** What `npm run book` builds with, in an environment apart from the notebooks', which asks for other versions. */
import { environment } from '../support/environment.mjs';
import { SetupError } from '../support/errors.mjs';
import { inRoot, inState } from '../support/paths.mjs';
import { findPython, pythonAdvice } from './python.mjs';

export const bookEnvironment = environment(inState('book'), inRoot('setup', 'book', 'requirements.txt'));

export const book = {
  name: 'book',
  doing: 'jupyter-book, in .setup/book',
  isDone: bookEnvironment.isMade,

  async run(told) {
    const base = findPython();
    if (!base) throw new SetupError(`the book needs Python: ${pythonAdvice}`);
    try {
      await bookEnvironment.make(base, told);
    } catch (error) {
      throw new SetupError('jupyter-book could not be installed: see to what pip says, and run npm run book again', {
        details: error.details || error.message,
      });
    }
  },
};
