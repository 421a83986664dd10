import { chosenBackend, startBackend, useBackend, type BackendName } from 'labor-llm/tensors';

/** The backends that this machine has: wasm everywhere, tensorflow where the set-up built it. */
export const backends: readonly BackendName[] =
  chosenBackend().name === 'tensorflow' ? ['tensorflow', 'wasm'] : ['wasm'];

/** The same tests on each backend. */
export const onEachBackend = (title: string, tests: (backend: BackendName) => void): void => {
  for (const backend of backends) {
    describe(`${title}, backend ${backend}`, () => {
      before(async () => {
        await startBackend(); // first, since it would switch to the chosen one later
        await useBackend(backend);
      });
      tests(backend);
    });
  }
};
