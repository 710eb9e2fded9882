// What the task uses of n2words, so that the types of this folder can be checked before its packages are installed.

declare module "n2words/*" {
  export function toCardinal(value: number): string;
}
