/**
 * Kernels of lib/wasm/kernels.ts, called by name on the wasm backend, which must be the current one. Their module is
 * instantiated on the backend's own memory, so that they read and write its tensors in place.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';

/** What is used of WebAssembly, whose types come with the DOM's only. */
declare const WebAssembly: {
  Module: new (bytes: Uint8Array) => object;
  validate(bytes: Uint8Array): boolean;
  Instance: new (module: object, imports: Readonly<Record<string, object>>) => { readonly exports: object };
};

/** What is used of tfjs-backend-wasm's BackendWasm and its Emscripten module. */
interface WasmBackend {
  readonly wasm: {
    readonly asm: { readonly memory: object };
    readonly HEAPU32: Uint32Array;
    _malloc(bytes: number): number;
    _free(address: number): void;
    readonly tfjs: {
      registerTensor(id: number, size: number, address: number): void;
      disposeData(id: number): void;
    };
  };
  readonly dataIdMap: { get(dataId: object): { readonly id: number; readonly memoryOffset: number } };
  makeOutput(shape: readonly number[], dtype: 'float32'): tf.TensorInfo;
}

type Kernel = (inputs: number, outputs: number, listLength: number) => void;

interface Exports extends Readonly<Record<string, Kernel | { value: number }>> {
  readonly scratchBytes: { value: number };
  readonly scratch: { value: number };
}

/** What `npm run build` compiles lib/wasm/ to, with the relaxed instructions that came in Node 22 and without. */
const readModule = (): Uint8Array => {
  const read = (name: string): Uint8Array => readFileSync(path.join(__dirname, name));
  const relaxed = read('kernels-relaxed.wasm');
  return WebAssembly.validate(relaxed) ? relaxed : read('kernels.wasm');
};

const loaded = new WeakMap<WasmBackend, Exports>();

const exportsFor = (backend: WasmBackend): Exports => {
  const known = loaded.get(backend);
  if (known) return known;
  const { wasm } = backend;
  const { exports } = new WebAssembly.Instance(new WebAssembly.Module(readModule()), {
    env: { memory: wasm.asm.memory },
    kernels: { log: Math.log },
  });
  const kernels = exports as Exports;
  kernels.scratch.value = wasm._malloc(kernels.scratchBytes.value);
  loaded.set(backend, kernels);
  return kernels;
};

/** Words that describe a tensor to a kernel, as lib/wasm/tensor.ts reads them. */
const describe = ({ wasm, dataIdMap }: WasmBackend, tensors: readonly tf.TensorInfo[], address: number): void => {
  const heap = wasm.HEAPU32; // a new one whenever memory has grown
  let word = address >>> 2;
  for (const { dataId, shape } of tensors) {
    heap[word++] = dataIdMap.get(dataId).memoryOffset;
    heap[word++] = tf.util.sizeFromShape(shape);
    heap[word++] = shape[shape.length - 2] ?? 1;
    heap[word++] = shape[shape.length - 1] ?? 1;
  }
};

/**
 * Runs a kernel. One without outputs writes in place of its inputs.
 *
 * @param outputs    shapes of the tensors it gives
 * @param listLength K, where it takes lists of inputs
 */
export const runWasmKernel = (
  name: string,
  inputs: readonly tf.Tensor[],
  outputs: readonly (readonly number[])[],
  listLength = 0,
): tf.Tensor[] => {
  const backend = tf.backend() as unknown as WasmBackend;
  const { wasm, dataIdMap } = backend;
  const kernel = exportsFor(backend)[name] as Kernel;
  const results = outputs.map((shape) => backend.makeOutput(shape, 'float32'));
  const described = wasm._malloc(16 * (inputs.length + results.length)) >>> 0;
  describe(backend, [...inputs, ...results], described);
  kernel(described, described + 16 * inputs.length, listLength);
  wasm._free(described);
  if (results.length === 0) {
    // the backend's own product keeps a packed copy of a right factor under its id: it must not outlive a change
    for (const { dataId, size } of inputs) {
      const { id, memoryOffset } = dataIdMap.get(dataId);
      wasm.tfjs.disposeData(id);
      wasm.tfjs.registerTensor(id, size, memoryOffset);
    }
  }
  return results.map((info) => tf.engine().makeTensorFromTensorInfo(info));
};
