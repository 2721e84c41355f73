import { render } from "preact";
import { App } from "./app";
import "uplot/dist/uPlot.min.css";
import "./style/base.css";
import "./style/views.css";
import "./style/print.css";

const place = document.getElementById("page");
if (place) render(<App />, place);
