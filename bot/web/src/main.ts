import "vant/es/style/base.css";
import "vant/es/button/index.css";
import "vant/es/cell/index.css";
import "vant/es/collapse-item/index.css";
import "vant/es/field/index.css";
import "vant/es/loading/index.css";
import "./style/theme.css";
import "./style/page.css";

import { createApp } from "vue";

import App from "./App.vue";
import { enterByDoor } from "./chat/door";
import { watchElder } from "./elder";
import { say } from "./words";

document.title = say("app.title");
watchElder();
void enterByDoor().then(() => createApp(App).mount("#app"));
