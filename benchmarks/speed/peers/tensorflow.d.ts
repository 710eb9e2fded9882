// What the adapter uses of TensorFlow.js, so that the types of this folder can be checked before the peers are installed.

declare module "@tensorflow/tfjs" {
  interface Tensor {
    readonly shape: readonly number[];
    dataSync(): Float32Array;
    dispose(): void;
  }
  interface SymbolicTensor {
    readonly name: string;
  }
  interface Layer {
    apply(
      input: SymbolicTensor | readonly SymbolicTensor[],
      options?: { initialState: readonly SymbolicTensor[] },
    ): SymbolicTensor;
  }
  interface Optimizer {
    readonly iterations: number;
  }
  export interface LayersModel {
    compile(options: { optimizer: Optimizer; loss: "sparseCategoricalCrossentropy" }): void;
    trainOnBatch(x: Tensor | readonly Tensor[], y: Tensor): Promise<number>;
    predict(x: Tensor, options: { batchSize: number }): Tensor;
  }
  interface RecurrentOptions {
    units: number;
    returnSequences: boolean;
    stateful?: boolean;
    recurrentInitializer?: "glorotUniform";
  }
  interface GatedOptions extends RecurrentOptions {
    recurrentActivation: "sigmoid";
  }
  const tf: {
    readonly version: { readonly tfjs: string };
    readonly layers: {
      lstm(options: GatedOptions): Layer;
      gru(options: GatedOptions): Layer;
      simpleRNN(options: RecurrentOptions): Layer;
      dense(options: { units: number; activation?: string; useBias?: boolean }): Layer;
      dot(options: { axes: readonly [number, number] }): Layer;
      concatenate(options: object): Layer;
      activation(options: { activation: "softmax" }): Layer;
      globalAveragePooling1d(options: object): Layer;
    };
    readonly train: { adam(learningRate: number): Optimizer };
    env(): { getBool(flag: "WASM_HAS_SIMD_SUPPORT"): boolean };
    input(options: { shape: readonly number[] } | { batchShape: readonly number[] }): SymbolicTensor;
    model(options: { inputs: SymbolicTensor | readonly SymbolicTensor[]; outputs: SymbolicTensor }): LayersModel;
    setBackend(name: "wasm"): Promise<boolean>;
    tensor(values: Float32Array | Int32Array, shape: readonly number[]): Tensor;
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
