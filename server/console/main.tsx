import { render } from "preact";
import "./style/all.css";
import { App } from "./app.tsx";
import { follow } from "./kit/place.ts";
import { followOtherTabs, whoAmI } from "./kit/session.ts";
import { followTitle } from "./kit/title.ts";

const root = document.getElementById("app");
if (root) {
  follow();
  followTitle();
  followOtherTabs();
  void whoAmI();
  render(<App />, root);
}
