/** Rows of a table by their ids: an embedding. table: [rows of the table, columns]; ids: [rows], 32-bit integers. */
import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";

/** y[r, :] = table[ids[r], :] */
export function gatherRows(rows: i32, columns: i32, table: Address, ids: Address, y: Address): void {
  const bytes = <usize>columns << 2;
  for (let row = 0; row < rows; row++) {
    memory.copy(at(y + row * columns), at(table + load<i32>(at(ids + row)) * columns), bytes);
  }
}

/** dTable[ids[r], :] += dy[r, :], rows ascending */
export function scatterAddRows(rows: i32, columns: i32, dy: Address, ids: Address, dTable: Address): void {
  for (let row = 0; row < rows; row++) {
    let from = at(dy + row * columns);
    let to = at(dTable + load<i32>(at(ids + row)) * columns);
    const end = to + (<usize>(columns & ~3) << 2);
    for (; to < end; to += 16, from += 16) v128.store(to, f32x4.add(v128.load(to), v128.load(from)));
    const rest = columns & 3;
    if (rest) storeLanes(to, f32x4.add(loadLanes(to, rest), loadLanes(from, rest)), rest);
  }
}
