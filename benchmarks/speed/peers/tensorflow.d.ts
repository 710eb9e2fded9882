// What the adapter uses of TensorFlow.js, so that the types of this folder can be checked before the peers are installed.

declare module "@tensorflow/tfjs" {
  interface Tensor {
    readonly shape: readonly number[];
  }
  interface SymbolicTensor {
    readonly name: string;
  }
  interface Layer {
    apply(input: SymbolicTensor): SymbolicTensor;
  }
  interface Optimizer {
    readonly iterations: number;
  }
  interface LayersModel {
    compile(options: { optimizer: Optimizer; loss: "sparseCategoricalCrossentropy" }): void;
    trainOnBatch(x: Tensor, y: Tensor): Promise<number>;
  }
  const tf: {
    readonly version: { readonly tfjs: string };
    readonly layers: {
      lstm(options: { units: number; returnSequences: boolean; recurrentActivation: "sigmoid" }): Layer;
      dense(options: { units: number; activation: "softmax" }): Layer;
    };
    readonly train: { adam(learningRate: number): Optimizer };
    env(): { getBool(flag: "WASM_HAS_SIMD_SUPPORT"): boolean };
    input(options: { shape: readonly number[] }): SymbolicTensor;
    model(options: { inputs: SymbolicTensor; outputs: SymbolicTensor }): LayersModel;
    setBackend(name: "wasm"): Promise<boolean>;
    tensor(values: Float32Array, shape: readonly number[]): Tensor;
  };
  export default tf;
}

declare module "@tensorflow/tfjs-backend-wasm" {
  const wasm: {
    setWasmPaths(folder: string): void;
    getThreadsCount(): number;
  };
  export default wasm;
}
