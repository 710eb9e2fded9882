/** The largest number that a window over images sees, channel by channel. reference.ts says how images lie. */
import { Address, at } from "../math/address";
import { loadLanes, storeLanes } from "../math/lanes";

/** y[r, c] = max over the window at output pixel first + r; positions: the first that is it, within its image. NaN wins. */
export function maxPool(
  rows: i32, first: i32, channels: i32, geometry: Address, x: Address, y: Address, positions: Address,
): void {
  const height = part(geometry, 0), width = part(geometry, 1);
  const kernelHeight = part(geometry, 3), kernelWidth = part(geometry, 4);
  const strideY = part(geometry, 5), strideX = part(geometry, 6), top = part(geometry, 7), left = part(geometry, 8);
  const outHeight = part(geometry, 9), outWidth = part(geometry, 10);
  let outX = first % outWidth;
  let outY = first / outWidth % outHeight;
  let image = at(x) + (<usize>(first / outWidth / outHeight * height * width * channels) << 2);
  let best = at(y);
  let position = at(positions);
  for (let row = 0; row < rows; row++) {
    const firstY = outY * strideY - top, firstX = outX * strideX - left;
    const fromY = max(firstY, 0), toY = min(firstY + kernelHeight, height);
    const fromX = max(firstX, 0), toX = min(firstX + kernelWidth, width);
    for (let c = 0; c < channels; c += 4) {
      window(min(4, channels - c), c, image, width, channels, fromY, toY, fromX, toX, best, position);
      best += <usize>min(4, channels - c) << 2;
      position += <usize>min(4, channels - c) << 2;
    }
    if (++outX == outWidth) {
      outX = 0;
      if (++outY == outHeight) {
        outY = 0;
        image += <usize>(height * width * channels) << 2;
      }
    }
  }
}

/** Four channels, or the last ones, of one window. */
// @ts-ignore: decorator
@inline function window(
  lanes: i32, c: i32, image: usize, width: i32, channels: i32, fromY: i32, toY: i32, fromX: i32, toX: i32, y: usize, positions: usize,
): void {
  const start = (fromY * width + fromX) * channels + c;
  let best = loadLanes(image + (<usize>start << 2), lanes);
  let position = i32x4.splat(start);
  for (let i = fromY; i < toY; i++) {
    let place = (i * width + fromX) * channels + c;
    for (let j = fromX; j < toX; j++, place += channels) {
      const value = loadLanes(image + (<usize>place << 2), lanes);
      const isBetter = v128.or(f32x4.gt(value, best), v128.and(f32x4.ne(value, value), f32x4.eq(best, best)));
      best = v128.bitselect(value, best, isBetter);
      position = v128.bitselect(i32x4.splat(place), position, isBetter);
    }
  }
  storeLanes(y, best, lanes);
  storeLanes(positions, i32x4.add(position, i32x4(0, 1, 2, 3)), lanes);
}

/** dx[positions] += dy, image by image: windows may overlap. */
export function maxPoolBackward(images: i32, outSize: i32, inSize: i32, dy: Address, positions: Address, dx: Address): void {
  let slope = at(dy);
  let position = at(positions);
  for (let image = 0; image < images; image++) {
    const base = at(dx + image * inSize);
    for (const end = slope + (<usize>outSize << 2); slope < end; slope += 4, position += 4) {
      const target = base + (<usize>load<i32>(position) << 2);
      store<f32>(target, load<f32>(target) + load<f32>(slope));
    }
  }
}

// @ts-ignore: decorator
@inline function part(geometry: Address, place: i32): i32 {
  return load<i32>(at(geometry + place));
}
