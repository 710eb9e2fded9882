/** Rows of a matrix: copied, repeated and summed. Strides count elements from one row to the next. */
import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";

/** y[r, :] = x[r, :] */
export function copyRows(rows: i32, columns: i32, x: Address, xStride: i32, y: Address, yStride: i32): void {
  const bytes = <usize>columns << 2;
  for (let row = 0; row < rows; row++) memory.copy(at(y + row * yStride), at(x + row * xStride), bytes);
}

/** y[r, :] += x[r, :] */
export function addRows(rows: i32, columns: i32, x: Address, xStride: i32, y: Address, yStride: i32): void {
  for (let row = 0; row < rows; row++) addRow(columns, at(x + row * xStride), at(y + row * yStride));
}

/** y[r, :] = x, for every row */
export function repeatRow(rows: i32, columns: i32, x: Address, y: Address): void {
  const bytes = <usize>columns << 2;
  for (let row = 0; row < rows; row++) memory.copy(at(y + row * columns), at(x), bytes);
}

/** y += Σ_r x[r, :], rows ascending: a bias' gradient. Eight rows at a time, so that memory is read in as many streams. */
export function sumRows(rows: i32, columns: i32, x: Address, stride: i32, y: Address): void {
  const bytes = <usize>stride << 2;
  let row = 0;
  for (; row + 8 <= rows; row += 8) addEightRows(columns, at(x + row * stride), bytes, at(y));
  for (; row < rows; row++) addRow(columns, at(x + row * stride), at(y));
}

function addEightRows(columns: i32, x: usize, bytes: usize, y: usize): void {
  const end = y + (<usize>(columns & ~3) << 2);
  for (; y < end; x += 16, y += 16) addEightLanes(4, x, bytes, y);
  const rest = columns & 3;
  if (rest) addEightLanes(rest, x, bytes, y);
}

// @ts-ignore: decorator
@inline function addEightLanes(lanes: i32, x: usize, bytes: usize, y: usize): void {
  const x1 = x + bytes, x2 = x1 + bytes, x3 = x2 + bytes, x4 = x3 + bytes, x5 = x4 + bytes, x6 = x5 + bytes, x7 = x6 + bytes;
  let sum = f32x4.add(loadLanes(y, lanes), loadLanes(x, lanes));
  sum = f32x4.add(f32x4.add(sum, loadLanes(x1, lanes)), loadLanes(x2, lanes));
  sum = f32x4.add(f32x4.add(sum, loadLanes(x3, lanes)), loadLanes(x4, lanes));
  sum = f32x4.add(f32x4.add(sum, loadLanes(x5, lanes)), loadLanes(x6, lanes));
  storeLanes(y, f32x4.add(sum, loadLanes(x7, lanes)), lanes);
}

function addRow(columns: i32, x: usize, y: usize): void {
  const end = y + (<usize>(columns & ~3) << 2);
  for (; y < end; x += 16, y += 16) v128.store(y, f32x4.add(v128.load(y), v128.load(x)));
  const rest = columns & 3;
  if (rest) storeLanes(y, f32x4.add(loadLanes(y, rest), loadLanes(x, rest)), rest);
}
