import { lengths, text, turn } from "./wasm/modules.generated.js";

/** A Wasm module: all kernels in two builds, and what the wide build adds. */
export type ModuleName = keyof typeof lengths;

const names = Object.keys(lengths) as ModuleName[];

/** A module's bytes. They stand in `text` as hexadecimal digits, the modules in turns. */
export function moduleBytes(name: ModuleName): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(lengths[name]);
  let place = 0;
  for (let from = 0; from < bytes.length; from += turn) {
    for (const other of names) {
      const end = Math.min(from + turn, lengths[other]);
      for (let at = from; at < end; at++, place += 2) {
        if (other === name) bytes[at] = (digit(place) << 4) | digit(place + 1);
      }
    }
  }
  return bytes;
}

/** "0" to "9" are the codes from 48 on, "a" to "f" those from 97 on. */
function digit(place: number): number {
  const code = text.charCodeAt(place);
  return code < 58 ? code - 48 : code - 87;
}
