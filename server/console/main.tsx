import { render } from "preact";
import "./style/all.css";
import { App } from "./app.tsx";
import { follow } from "./kit/place.ts";
import { whoAmI } from "./kit/session.ts";

const root = document.getElementById("app");
if (root) {
  follow();
  void whoAmI();
  render(<App />, root);
}
