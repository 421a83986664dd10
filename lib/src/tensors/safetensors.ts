/**
 * The safetensors format (huggingface.co/docs/safetensors): eight bytes of header length, a JSON header with name, type,
 * shape and offsets of each tensor, then the bytes. Here: 32-bit floats, little-endian; 16-bit ones are read too.
 */
import { open } from 'node:fs/promises';
import { writeFileAtomic } from '../support/atomic-file';

export interface NamedArray {
  readonly name: string;
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

interface Entry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** Writes tensors, and a flat record of strings beside them, under a temporary name that is then renamed. */
export const writeSafetensors = async (
  file: string,
  arrays: readonly NamedArray[],
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Promise<void> => {
  const header: Record<string, unknown> = { __metadata__: metadata };
  let offset = 0;
  for (const { name, shape, data } of arrays) {
    header[name] = { dtype: 'F32', shape, data_offsets: [offset, offset + data.byteLength] };
    offset += data.byteLength;
  }
  const json = JSON.stringify(header);
  const padded = Buffer.from(json + ' '.repeat((8 - (Buffer.byteLength(json) % 8)) % 8)); // data starts aligned
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const bytes = arrays.map(({ data }) => Buffer.from(data.buffer, data.byteOffset, data.byteLength));
  await writeFileAtomic(file, Buffer.concat([length, padded, ...bytes]));
};

/** 32-bit float of a 16-bit one, IEEE half precision. */
const fromHalf = (bits: number): number => {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
};

const toFloats = (dtype: string, bytes: ArrayBuffer, where: string): Float32Array => {
  if (dtype === 'F32') return new Float32Array(bytes);
  if (dtype === 'F16') return Float32Array.from(new Uint16Array(bytes), fromHalf);
  if (dtype === 'BF16') {
    return new Float32Array(Uint32Array.from(new Uint16Array(bytes), (bits) => bits << 16).buffer);
  }
  throw new Error(`${where}: type ${dtype} is not read here; F32, F16 and BF16 are. Convert the checkpoint first.`);
};

/** Most bytes that one call of Node reads are 2 GiB less one. */
const MOST_AT_ONCE = 2 ** 30;

/** @throws Error where the file is cut off, no safetensors file, or holds another type than F32, F16 and BF16. */
export const readSafetensors = async (
  file: string,
): Promise<{ readonly arrays: NamedArray[]; readonly metadata: Readonly<Record<string, string>> }> => {
  const handle = await open(file);
  /** A tensor at a time, so that a file may be larger than what Node reads at once. */
  const bytesAt = async (from: number, length: number): Promise<ArrayBuffer> => {
    const bytes = new Uint8Array(length);
    for (let done = 0; done < length;) {
      const { bytesRead } = await handle.read(bytes, done, Math.min(MOST_AT_ONCE, length - done), from + done);
      if (bytesRead === 0) throw new Error(`${file} has become shorter while it was read.`);
      done += bytesRead;
    }
    return bytes.buffer;
  };
  try {
    const { size } = await handle.stat();
    const headerLength = size < 8 ? Infinity : Number(new DataView(await bytesAt(0, 8)).getBigUint64(0, true));
    if (headerLength > size - 8) throw new Error(`${file}: no safetensors file, or one that is cut off.`);
    const header = Buffer.from(await bytesAt(8, headerLength)).toString('utf8');
    const { __metadata__: metadata = {}, ...entries } = JSON.parse(header) as Record<string, Entry> & {
      __metadata__?: Record<string, string>;
    };
    const start = 8 + headerLength;
    const arrays: NamedArray[] = [];
    for (const [name, { dtype, shape, data_offsets }] of Object.entries(entries)) {
      const [from, to] = data_offsets;
      if (start + to > size) {
        throw new Error(`${file}: ${name} ends at byte ${start + to}, the file at ${size}: it is cut off.`);
      }
      const data = toFloats(dtype, await bytesAt(start + from, to - from), `${file}, ${name}`);
      arrays.push({ name, shape, data });
    }
    return { arrays, metadata };
  } finally {
    await handle.close();
  }
};
