import { glorotUniform, orthogonal } from "../tensor/initializers.js";
import type { Cell } from "./cell.js";
import { gateRun } from "./gate-run.js";
import type { RecurrentCell } from "./recurrent-cell.js";
import { scan } from "./scan.js";
import { stackedBlocks, zeros } from "./weight-start.js";

/**
 * A cell whose steps run in fused kernels, with PyTorch's weights. Each gate's own block begins as Glorot uniform (W_ih)
 * and orthogonal (W_hh).
 */
export function fusedCell(cell: Cell): RecurrentCell {
  const { gates, initialBias } = cell;
  const states = (units: number) => Object.fromEntries(cell.states.map((name) => [name, units]));
  const startRun = gateRun(cell);
  return {
    name: cell.name,
    recurrentWeight: "weight_hh",
    states,
    outputSize: (units) => units,
    weights(inputSize, units) {
      const width = gates * units;
      return {
        weight_ih: stackedBlocks(gates, units, inputSize, (random) => glorotUniform(units, inputSize, random)),
        weight_hh: stackedBlocks(gates, units, units, (random) => orthogonal(units, random)),
        bias_ih: { shape: [width], initialValues: () => initialBias?.(units) ?? new Float64Array(width) },
        bias_hh: zeros([width]),
      };
    },
    carry(scope, rows, plan, units, directions) {
      return scan(scope, startRun, states(units), rows, plan, directions);
    },
  };
}
