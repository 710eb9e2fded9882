// What the task uses of the dictionary, so that the types of this folder can be checked before its packages are installed.

declare module "cmu-pronouncing-dictionary" {
  export const dictionary: Readonly<Record<string, string>>;
}
