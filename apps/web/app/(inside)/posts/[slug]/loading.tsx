export { PostSkeleton as default } from "@/features/posts/PostSkeleton";
