/** The memory of the reference kernels; addresses are indices into it. */
export type Heap = Float32Array | Float64Array;
