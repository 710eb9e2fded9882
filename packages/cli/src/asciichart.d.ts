declare module "asciichart" {
  interface PlotOptions {
    /** Lines that the chart takes, but for one. */
    height?: number;
    /** Columns from the left edge to the first value. */
    offset?: number;
    /** Escape sequence of each series' color; undefined leaves it as it is. */
    colors?: (string | undefined)[];
    format?: (value: number) => string;
  }
  /** Draws series of finite numbers as lines of text; a later series is drawn over an earlier one. */
  function plot(series: number[][], options?: PlotOptions): string;
  const asciichart: { plot: typeof plot };
  export default asciichart;
}
