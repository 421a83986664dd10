import { strict as assert } from 'node:assert';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeFileAtomic } from 'labor-llm/support';

describe('writeFileAtomic', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'atomic-file-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('writes and replaces a file, text or bytes, making its folder, and leaves nothing else there', async () => {
    const path = join(folder, 'new', 'file');
    await writeFileAtomic(path, 'Ärzte');
    assert.equal(readFileSync(path, 'utf8'), 'Ärzte');
    await writeFileAtomic(path, Uint8Array.of(0, 255));
    assert.deepEqual([...readFileSync(path)], [0, 255]);
    assert.deepEqual(readdirSync(join(folder, 'new')), ['file']);
  });

  it('leaves no temporary file where it cannot write', async () => {
    mkdirSync(join(folder, 'taken', 'by a folder'), { recursive: true });
    await assert.rejects(writeFileAtomic(join(folder, 'taken'), 'x'));
    assert.deepEqual(readdirSync(folder), ['taken']);
  });

  it('lets a reader see one of the contents whole while many are written at once', async () => {
    const path = join(folder, 'file');
    const contents = Array.from({ length: 20 }, (_, i) => String(i % 10).repeat(100_000));
    await writeFileAtomic(path, contents[0] as string);
    const writing = Promise.all(contents.map((content) => writeFileAtomic(path, content)));
    let done = false;
    void writing.finally(() => (done = true));
    while (!done) {
      assert.ok(contents.includes(readFileSync(path, 'utf8')));
      await new Promise((resolve) => setImmediate(resolve));
    }
    await writing;
    assert.deepEqual(readdirSync(folder), ['file']);
  });
});
