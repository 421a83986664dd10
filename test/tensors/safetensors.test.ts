import { strict as assert } from 'node:assert';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSafetensors, writeSafetensors } from 'labor-llm/tensors';

/** A file of one tensor, put together by hand from the format's description. */
const handMade = (dtype: string, bytes: Uint8Array): Buffer => {
  const header = JSON.stringify({ x: { dtype, shape: [bytes.length / 2], data_offsets: [0, bytes.length] } });
  const length = Buffer.alloc(8);
  length.writeUInt32LE(header.length);
  return Buffer.concat([length, Buffer.from(header), bytes]);
};

describe('safetensors', () => {
  let folder: string;
  before(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'safetensors-'));
  });
  after(() => rm(folder, { recursive: true }));

  it('reads back what it wrote, metadata included', async () => {
    const file = path.join(folder, 'a.safetensors');
    const arrays = [
      { name: 'a', shape: [2, 3], data: Float32Array.of(1, 2, 3, 4, 5, -6.5) },
      { name: 'b é', shape: [1], data: Float32Array.of(1e-38) },
      { name: 'none', shape: [0], data: new Float32Array(0) },
    ];
    await writeSafetensors(file, arrays, { step: '7' });
    assert.deepEqual(await readSafetensors(file), { arrays, metadata: { step: '7' } });
  });

  it('writes a header of which the data that follows is aligned to eight bytes', async () => {
    const file = path.join(folder, 'b.safetensors');
    await writeSafetensors(file, [{ name: 'abc', shape: [1], data: Float32Array.of(1) }]);
    const bytes = await readFile(file);
    assert.equal(Number(bytes.readBigUInt64LE(0)) % 8, 0);
    assert.equal(bytes.readFloatLE(bytes.length - 4), 1);
  });

  it('reads half precision: 1, -2, the smallest and the largest number', async () => {
    const file = path.join(folder, 'half.safetensors');
    await writeFile(file, handMade('F16', Uint8Array.of(0x00, 0x3c, 0x00, 0xc0, 0x01, 0x00, 0xff, 0x7b)));
    const { arrays } = await readSafetensors(file);
    assert.deepEqual([...(arrays[0]?.data ?? [])], [1, -2, 2 ** -24, 65504]);
  });

  it('reads bfloat16: 1 and -0.15625', async () => {
    const file = path.join(folder, 'bf.safetensors');
    await writeFile(file, handMade('BF16', Uint8Array.of(0x80, 0x3f, 0x20, 0xbe)));
    const { arrays } = await readSafetensors(file);
    assert.deepEqual([...(arrays[0]?.data ?? [])], [1, -0.15625]);
  });

  it('refuses a type that it does not read, by name', async () => {
    const file = path.join(folder, 'int.safetensors');
    await writeFile(file, handMade('I16', Uint8Array.of(1, 0)));
    await assert.rejects(readSafetensors(file), /int\.safetensors, x: type I16 is not read/);
  });

  it('says that a file is cut off, or no safetensors file at all', async () => {
    const file = path.join(folder, 'cut.safetensors');
    await writeFile(file, handMade('F16', Uint8Array.of(1, 2, 3, 4)).subarray(0, -2));
    await assert.rejects(readSafetensors(file), /cut off/);
    await writeFile(file, 'hello');
    await assert.rejects(readSafetensors(file), /no safetensors file/);
  });
});
