import { render } from "preact";
import "../style/all.css";
import "./verify.css";
import { VerifyPage } from "./page.tsx";

const root = document.getElementById("verify");
if (root) render(<VerifyPage />, root);
