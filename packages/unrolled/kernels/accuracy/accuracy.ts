import { Address, at } from "../math/address";

/** y[r] = 1 where the largest of x[r, :], the first where several are, stands at targets[r], else 0. */
export function classAccuracy(rows: i32, columns: i32, x: Address, targets: Address, y: Address): void {
  for (let row = 0; row < rows; row++) {
    const first = x + row * columns;
    let best = 0;
    for (let k = 1; k < columns; k++) if (load<f32>(at(first + k)) > load<f32>(at(first + best))) best = k;
    store<f32>(at(y + row), best == load<i32>(at(targets + row)) ? 1 : 0);
  }
}

/** y[r] = how many of x[r, :] are above 0 exactly where those of targets[r, :] are above 1/2, as a fraction of all. */
export function signAccuracy(rows: i32, columns: i32, x: Address, targets: Address, y: Address): void {
  for (let row = 0; row < rows; row++) {
    let right: f32 = 0;
    for (let i = row * columns; i < (row + 1) * columns; i++) {
      if (load<f32>(at(x + i)) > 0 == load<f32>(at(targets + i)) > 0.5) right += 1;
    }
    store<f32>(at(y + row), right / <f32>columns);
  }
}
