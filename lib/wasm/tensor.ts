/** A tensor of float32 or int32 in the backend's memory, as tensors/wasm-kernels.ts describes it to a kernel. */
@unmanaged
export class Tensor {
  /** Address of the first entry; entries lie row by row without gaps. */
  data: usize;
  /** How many entries there are. */
  size: i32;
  /** The last dimension but one; 1 where there is none. */
  rows: i32;
  /** The last dimension; 1 where there is none. */
  columns: i32;

  /** Address of entry i. */
  at(i: i32): usize {
    return this.data + ((<usize>i) << 2);
  }

  float(i: i32): f32 {
    return load<f32>(this.at(i));
  }

  int(i: i32): i32 {
    return load<i32>(this.at(i));
  }
}

/** A kernel's inputs, or its outputs, in a row. */
@unmanaged
export class Tensors {
  get(i: i32): Tensor {
    return changetype<Tensor>(changetype<usize>(this) + <usize>i * offsetof<Tensor>());
  }
}
