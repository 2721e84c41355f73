import { render } from "preact";
import { App } from "./app";
import "uplot/dist/uPlot.min.css";
import "./style/base.css";
import "./style/forms.css";
import "./style/watch.css";
import "./style/print.css";

const place = document.getElementById("page");
if (place) render(<App />, place);
