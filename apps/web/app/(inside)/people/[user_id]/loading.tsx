export { PersonSkeleton as default } from "@/features/people/PersonSkeleton";
