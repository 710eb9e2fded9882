import { Address, at } from "../math/address";

/** y[r, :] = x[r, :], or 0 where weights[r] is 0; x: [rows, columns] of numbers or indices. */
export function maskRows(rows: i32, columns: i32, weights: Address, x: Address, y: Address): void {
  const bytes = <usize>columns << 2;
  for (let row = 0; row < rows; row++) {
    const to = at(y + row * columns);
    if (load<f32>(at(weights + row)) == 0) memory.fill(to, 0, bytes);
    else memory.copy(to, at(x + row * columns), bytes);
  }
}
