import type { TextMetrics } from "unrolled/tasks";

/**
 * Lines that say so where what a network writes is no nearer to the right texts than what needs none.
 *
 * @param name what needs no network
 * @param unit what more would help of
 */
export function noBetter(network: TextMetrics, naive: TextMetrics, name: string, unit: string): string[] {
  const isBeaten = network.exactMatch < 1 && network.exactMatch <= naive.exactMatch && network.chrF <= naive.chrF;
  return isBeaten ? ["", `The network is no better than ${name} here; more ${unit} or epochs may help.`] : [];
}
