/* The way to lowlight without the grammars that its package brings along: only this file names it at run time. */
export { createLowlight } from "lowlight";
