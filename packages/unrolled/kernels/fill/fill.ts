import { Address, at } from "../math/address";

/** x = value */
export function fill(length: i32, value: f32, x: Address): void {
  if (value == 0) {
    memory.fill(at(x), 0, <usize>length << 2);
    return;
  }
  const four = f32x4.splat(value);
  let i = 0;
  for (; i + 4 <= length; i += 4) v128.store(at(x + i), four);
  for (; i < length; i++) store<f32>(at(x + i), value);
}
