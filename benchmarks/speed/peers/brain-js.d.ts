// What the adapter uses of brain.js, so that the types of this folder can be checked before the peers are installed.

declare module "brain.js" {
  interface TimeStepNetwork {
    train(
      sequences: readonly (readonly Float32Array[])[],
      options: { iterations: number; errorThresh: number; learningRate: number },
    ): { readonly error: number };
    run(sequence: readonly Float32Array[]): Float32Array;
  }
  type TimeStep = new (options: { inputSize: number; hiddenLayers: readonly number[]; outputSize: number }) => TimeStepNetwork;
  const brain: { readonly recurrent: Readonly<Record<"LSTMTimeStep" | "GRUTimeStep" | "RNNTimeStep", TimeStep>> };
  export default brain;
}
