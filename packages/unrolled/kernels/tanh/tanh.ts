import { Address, at } from "../math/address";
import { tanhRange } from "../math/tanh";

/** y = tanh(x); y may be x. */
export function tanh(length: i32, x: Address, y: Address): void {
  tanhRange(length, at(x), at(y));
}
