/**
 * The module that the wide build adds to the relaxed one, over the same memory: its kernels stand in for those of the same name.
 * It must have no constants in memory (math/constant.ts), which would lie where those of the other module are.
 */
export { multiplyPacked, multiplyTransposed } from "./matmul/wide";
