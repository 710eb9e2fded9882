/**
 * The float at `index` of a table made by `memory.data<f32>`, in all four lanes.
 *
 * Why tables, and not `f32x4.splat(0.94)`: current V8 (seen in Node 24, not in Node 20) makes a literal vector anew at every use, inside
 * the loop, by three instructions; in an LSTM's pointwise pass that took a third of the time. This is one load. The tables are the module's
 * data segments, from byte 1024 on, so the beginning of the memory is the kernels' own.
 */
// @ts-ignore: decorator
@inline
export function constant(table: usize, index: i32 = 0): v128 {
  return v128.load32_splat(table + (<usize>index << 2));
}
