import type { Parameter } from "../tensor/parameter.js";
import type { Layer } from "./layer.js";

/** A layer, or one that is made of layers: one after another, or parts with names whose states are its own affair. */
type Nesting = Layer & { readonly nested?: readonly Layer[]; readonly parts?: Readonly<Record<string, Layer>> };

/** A layer's parameters by PyTorch's names; those of layers inside it with their place, as in `torch.nn.Sequential`, or their name in front. */
export function namedParameters(layer: Nesting): Map<string, Parameter> {
  if (layer.nested) return withPrefixes(layer.nested.entries());
  if (layer.parts) return withPrefixes(Object.entries(layer.parts));
  return new Map(layer.parameters.map((parameter) => [parameter.name, parameter]));
}

/** The parameters of several layers, each name with the layer's place or name in front. */
export function withPrefixes(layers: Iterable<readonly [place: string | number, layer: Layer]>): Map<string, Parameter> {
  const named = Array.from(layers, ([place, layer]) =>
    Array.from(namedParameters(layer), ([name, parameter]) => [`${place}.${name}`, parameter] as const),
  );
  return new Map(named.flat());
}

/** Layers with all that stand inside of them. */
export function withNested(layers: readonly Nesting[]): readonly Layer[] {
  return layers.flatMap((layer) => [layer, ...withNested(layer.nested ?? [])]);
}
