import { LoaderCircle } from "lucide-react";
import { cn } from "../lib/cn";

export function Spinner({ className }: { className?: string }) {
  return (
    <LoaderCircle
      aria-hidden="true"
      strokeWidth={1.75}
      className={cn("size-(--icon) animate-spin motion-reduce:animate-none", className)}
    />
  );
}
