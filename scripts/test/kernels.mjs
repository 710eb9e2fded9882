import { areKernelsBuilt, buildKernels } from "../kernels/build.mjs";

/** Before Vitest runs, however it was started: the kernels that the tests call are those of the sources. */
export async function setup() {
  if (!areKernelsBuilt()) await buildKernels();
}
