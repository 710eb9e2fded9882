/** How far forecasts are from the truth. */
export interface ForecastScores {
  /** Mean absolute error, in the targets' units. */
  mae: number;
  /** Root of the mean squared error, in the targets' units. */
  rmse: number;
  /**
   * Mean absolute error divided by that of the seasonal naive forecast on the data that was trained on (Hyndman & Koehler 2006), of all groups together:
   * below 1 is better than it was there. Infinite where that made no error.
   */
  mase: number;
  /** Mean of 2|error| / (|truth| + |forecast|), from 0 to 2; 0 where both are 0. */
  smape: number;
  /** The same errors in deviations of the data that was trained on, where targets of different units count alike. */
  scaled: { mae: number; rmse: number };
}

/** Adds errors up. */
export class ErrorSums {
  #count = 0;
  #absolute = 0;
  #squared = 0;
  #ofNaive = 0;
  #symmetric = 0;
  #scaledAbsolute = 0;
  #scaledSquared = 0;

  /**
   * @param naiveError of the target, on the data that was trained on
   * @param scaledError forecast − truth in scaled units
   */
  add(forecast: number, truth: number, naiveError: number, scaledError: number): void {
    const error = Math.abs(forecast - truth);
    const size = Math.abs(forecast) + Math.abs(truth);
    this.#count++;
    this.#absolute += error;
    this.#squared += error * error;
    this.#ofNaive += error === 0 ? 0 : error / naiveError;
    this.#symmetric += size === 0 ? 0 : (2 * error) / size;
    this.#scaledAbsolute += Math.abs(scaledError);
    this.#scaledSquared += scaledError * scaledError;
  }

  get count(): number {
    return this.#count;
  }

  get scores(): ForecastScores {
    const n = this.#count;
    return {
      mae: this.#absolute / n,
      rmse: Math.sqrt(this.#squared / n),
      mase: this.#ofNaive / n,
      smape: this.#symmetric / n,
      scaled: { mae: this.#scaledAbsolute / n, rmse: Math.sqrt(this.#scaledSquared / n) },
    };
  }
}
