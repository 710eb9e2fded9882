import { Address, at } from "../math/address";
import { sigmoidRange } from "../math/sigmoid";

/** y = 1 / (1 + e^-x); y may be x. */
export function sigmoid(length: i32, x: Address, y: Address): void {
  sigmoidRange(length, at(x), at(y));
}
