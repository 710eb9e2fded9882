import { PRODUCT_SPEED } from "../engine/threads/splits.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Cell, GateMemory, StartRun, Step } from "./cell.js";
import { sidesOf } from "./sides.js";

/**
 * A plain cell's run. Forward: one product W_ih x for the rows of some steps; then at each of them W_hh h' onto it and the
 * cell's pointwise pass. Without a way back the next steps' gates take the place of these. Backward: at each step the pointwise derivative and dG·W_hh; then single products over all rows
 * for dW_ih, dW_hh and dx, and column sums for the biases.
 */
export function gateRun(cell: Cell): StartRun {
  return (scope, x, plan, weights, kept) => {
    const { arena } = scope.engine;
    const [width, units] = (weights.weight_hh as Tensor).shape as [number, number];
    const apart = cell.keepsRecurrentApart;
    const sides = sidesOf(scope, plan, weights, { apart });
    const gates = arena.allocate(kept * width);
    const saved = cell.saves ? arena.allocate(kept * units) : 0;
    const recurrent = apart ? arena.allocate(plan.batch * width) : 0;
    const memory: GateMemory = { units, gates, recurrent, saved };
    let dRecurrent = gates;

    return {
      work: (plan.rows * width * units) / PRODUCT_SPEED,
      prepare(block) {
        sides.input.prepare(block, x.address, gates);
      },
      forward(step) {
        moveTo(step);
        memory.recurrent = recurrent + step.sequence * width;
        if (apart) sides.recurrent.write(step, step.read, memory.recurrent);
        else sides.recurrent.add(step, step.read, memory.gates);
        cell.forward(step, memory);
      },
      beginBackward() {
        sides.input.beginBackward();
        sides.recurrent.beginBackward();
        if (apart) dRecurrent = arena.allocate(plan.rows * width);
      },
      backward(step) {
        moveTo(step);
        memory.recurrent = dRecurrent + step.first * width;
        cell.backward(step, memory);
        sides.recurrent.backward(step, memory.recurrent, step.dRead);
      },
      addGradients(all) {
        sides.input.backward(all, gates, x.tracked ? scope.gradientOf(x) : 0);
        sides.input.addGradients(gates, x.address);
        sides.recurrent.addGradients(dRecurrent, all.read);
      },
    };

    function moveTo({ kept }: Step): void {
      memory.gates = gates + kept * width;
      memory.saved = saved + kept * units;
    }
  };
}
