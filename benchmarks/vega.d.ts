// What charts use of Vega, so that the types of this folder can be checked before it is installed.

declare module "vega" {
  export class View {
    constructor(runtime: object, options: { renderer: "none" });
    toSVG(): Promise<string>;
  }
  export function parse(specification: object): object;
}

declare module "vega-lite" {
  export function compile(specification: object): { readonly spec: object };
}
