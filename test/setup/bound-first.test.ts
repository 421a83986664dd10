import { strict as assert } from 'node:assert';
import { createRequire } from 'node:module';

const { bindFirst } = createRequire(__filename)('../../setup/support/bound-first.cjs') as {
  bindFirst: (Socket: unknown) => void;
};

/** A socket whose binding ends, and whose message comes, when the test says so. */
const socketClass = () =>
  class Socket {
    bound!: (error?: Error) => void;
    send!: (message: string) => void;
    bind(_address: string): Promise<void> {
      return new Promise((resolve, reject) => {
        this.bound = (error) => (error === undefined ? resolve() : reject(error));
      });
    }
    receive(): Promise<unknown> {
      return new Promise((resolve) => (this.send = resolve));
    }
  };

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('a kernel whose sockets are being bound', () => {
  it('hears a message only when all of them are, also where one cannot be', async () => {
    const Socket = socketClass();
    bindFirst(Socket);
    const [shell, iopub] = [new Socket(), new Socket()];
    let heard: unknown;
    const hearing = shell.receive().then((message) => (heard = message));
    const binding = [shell.bind('a'), iopub.bind('b')];
    shell.send('kernel_info_request');
    shell.bound();
    await turn();
    assert.equal(heard, undefined, 'the other socket is still being bound');
    iopub.bound(new Error('in use'));
    await hearing;
    assert.equal(heard, 'kernel_info_request');
    assert.deepEqual(
      (await Promise.allSettled(binding)).map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
  });

  it('hears the next one at once', async () => {
    const Socket = socketClass();
    bindFirst(Socket);
    const shell = new Socket();
    const bound = shell.bind('a');
    shell.bound();
    await bound;
    const hearing = shell.receive();
    shell.send('execute_request');
    assert.equal(await hearing, 'execute_request');
  });
});
