/* Every style of the app, tokens first. */
import "./design/tokens.css";
import "./design/page.css";
import "./design/chip.css";
import "./design/controls.css";
import "./design/bars.css";
import "./design/clocks.css";
import "./today/today.css";
import "./today/report.css";
import "./orders/orders.css";
import "./visit/visit.css";
import "./signature/signature.css";
import "./attendance/attendance.css";
import "./sync/sync.css";
import "./me/me.css";
import "./enrol/enrol.css";
