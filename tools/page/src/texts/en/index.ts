// English, and the shape that every other language has.

import { change } from "./change";
import { faults } from "./faults";
import { frame } from "./frame";
import { install } from "./install";
import { look } from "./look";
import { said } from "./said";
import { watch } from "./watch";

export const en = { change, faults, frame, install, look, said, watch };
