/** A place in the engine's memory, counted in elements of four bytes. */
export type Address = u32;

/** The byte address of an element. */
// @ts-ignore: decorator
@inline export function at(address: Address): usize {
  return (<usize>address) << 2;
}
