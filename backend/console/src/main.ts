import "./style/desk.css";

import { createApp } from "vue";

import App from "./App.vue";
import { router } from "./router";
import { say } from "./words";

document.title = say("app.title");
createApp(App).use(router).mount("#app");
