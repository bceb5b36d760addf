export { PageLoading as default } from "@workspace/shell/page-loading";
