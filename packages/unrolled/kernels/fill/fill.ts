import { Address, at } from "../math/address";

/** x = value */
export function fill(length: i32, value: f32, x: Address): void {
  if (value == 0) {
    memory.fill(at(x), 0, <usize>length << 2);
    return;
  }
  for (let i = 0; i < length; i++) store<f32>(at(x + i), value);
}
