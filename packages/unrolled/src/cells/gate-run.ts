import { PRODUCT_SPEED } from "../engine/threads/splits.js";
import type { Tensor } from "../tensor/tensor.js";
import type { Cell, GateMemory, StartRun, Step } from "./cell.js";
import { Product } from "./product.js";
import { sidesOf } from "./sides.js";
import { WeightRows } from "./weight-rows.js";

/** What a plain cell reads that becomes known step by step, as a decoder's does. Derivatives are added to the tensors' gradients step by step, too. */
export interface StepwiseReads {
  /** Whether x is. Default: no, all of it is known before the first step. */
  readonly x?: boolean;
  /** [rows, features] besides x, by `weight_fed`. */
  readonly fed?: Tensor | undefined;
}

/**
 * A plain cell's run. Forward: one product W_ih x for the rows of some steps; then at each of them W_hh h' onto it and the
 * cell's pointwise pass. Without a way back the next steps' gates take the place of these. Backward: at each step the pointwise derivative and dG·W_hh; then single products over all rows
 * for dW_ih, dW_hh and dx, and column sums for the biases.
 */
export function gateRun(cell: Cell, { x: isStepwise = false, fed }: StepwiseReads = {}): StartRun {
  return (scope, x, plan, weights, kept) => {
    const { arena } = scope.engine;
    const [width, units] = (weights.weight_hh as Tensor).shape as [number, number];
    const inputs = x.shape[1] as number;
    const apart = cell.keepsRecurrentApart;
    const sides = sidesOf(scope, plan, weights, { apart });
    const forFed = weights.weight_fed;
    const extra = fed && forFed ? { fed, product: fedProduct(forFed), features: fed.shape[1] as number } : undefined;
    const gates = arena.allocate(kept * width);
    const saved = cell.saves ? arena.allocate(kept * units) : 0;
    const recurrent = apart ? arena.allocate(plan.batch * width) : 0;
    const memory: GateMemory = { units, gates, recurrent, saved };
    let dRecurrent = gates;

    return {
      work: (plan.rows * width * (units + (extra?.features ?? 0) + (isStepwise ? inputs : 0))) / PRODUCT_SPEED,
      prepare(block) {
        if (!isStepwise) sides.input.prepare(block, x.address, gates);
      },
      forward(step) {
        moveTo(step);
        memory.recurrent = recurrent + step.sequence * width;
        if (isStepwise) sides.input.write(step, x.address + step.first * inputs, memory.gates);
        extra?.product.add(step, extra.fed.address + step.first * extra.features, memory.gates);
        if (apart) sides.recurrent.write(step, step.read, memory.recurrent);
        else sides.recurrent.add(step, step.read, memory.gates);
        cell.forward(step, memory);
      },
      beginBackward() {
        sides.input.beginBackward();
        sides.recurrent.beginBackward();
        extra?.product.beginBackward();
        if (apart) dRecurrent = arena.allocate(plan.rows * width);
      },
      backward(step) {
        moveTo(step);
        memory.recurrent = dRecurrent + step.first * width;
        cell.backward(step, memory);
        sides.recurrent.backward(step, memory.recurrent, step.dRead);
        if (isStepwise) sides.input.backward(step, memory.gates, x.gradient + step.first * inputs);
        extra?.product.backward(step, memory.gates, extra.fed.gradient + step.first * extra.features);
      },
      addGradients(all) {
        if (!isStepwise) sides.input.backward(all, gates, x.tracked ? scope.gradientOf(x) : 0);
        sides.input.addGradients(gates, x.address);
        extra?.product.addGradients(gates, extra.fed.address);
        sides.recurrent.addGradients(dRecurrent, all.read);
      },
    };

    function moveTo({ kept }: Step): void {
      memory.gates = gates + kept * width;
      memory.saved = saved + kept * units;
    }

    function fedProduct(weight: Tensor): Product {
      return new Product(scope, plan, { weight: new WeightRows(scope, weight), biases: [] });
    }
  };
}
