"use client";

import { PageFailed } from "@/features/shell/PageFailed";

export default PageFailed;
