export { EditorSkeleton as default } from "@/features/editor/EditorSkeleton";
