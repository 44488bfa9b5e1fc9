declare module "highlightjs-solidity/src/languages/solidity.js" {
  const module: unknown;
  export default module;
}
