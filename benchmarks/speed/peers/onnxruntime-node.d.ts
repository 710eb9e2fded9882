// What the adapter uses of onnxruntime-node, so that the types of this folder can be checked before the peers are installed.

declare module "onnxruntime-node" {
  interface OnnxTensor {
    readonly data: Float32Array;
  }
  interface Session {
    run(feeds: Readonly<Record<string, OnnxTensor>>): Promise<Record<string, OnnxTensor>>;
  }
  const ort: {
    readonly env: { readonly versions: { readonly common: string } };
    readonly Tensor: new (type: "float32", values: Float32Array, shape: readonly number[]) => OnnxTensor;
    readonly InferenceSession: {
      create(
        model: Uint8Array,
        options: {
          intraOpNumThreads: number;
          interOpNumThreads: number;
          extra?: object;
        },
      ): Promise<Session>;
    };
  };
  export default ort;
}
