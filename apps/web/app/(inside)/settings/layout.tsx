import { SettingsFrame } from "@/features/settings/SettingsFrame";

export default SettingsFrame;
