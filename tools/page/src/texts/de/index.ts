// Deutsch.

import type { Texts } from "..";
import { change } from "./change";
import { faults } from "./faults";
import { frame } from "./frame";
import { install } from "./install";
import { look } from "./look";
import { said } from "./said";
import { watch } from "./watch";

export const de: Texts = { change, faults, frame, install, look, said, watch };
