/* Which address shows which screen. */

import type { ComponentChildren } from "preact";
import type { Route } from "./route";
import { TodayScreen } from "../today/today";
import { ReportScreen } from "../today/report";
import { OrdersScreen } from "../orders/orders";
import { OrderScreen } from "../orders/order";
import { ToolkitScreen } from "../orders/toolkit";
import { HistoryScreen } from "../orders/history";
import { NewOrderScreen } from "../orders/new-order";
import { VisitScreen } from "../visit/visit";
import { PartsScreen } from "../visit/parts";
import { ChargeScreen } from "../visit/charge";
import { TakeBackScreen } from "../visit/take-back";
import { SignatureScreen } from "../signature/signature";
import { ProofScreen } from "../signature/proof";
import { AttendanceScreen } from "../attendance/attendance";
import { LeaveScreen } from "../attendance/leave";
import { GoOutScreen } from "../attendance/go-out";
import { SyncScreen } from "../sync/sync";
import { RefusedScreen } from "../sync/refused";
import { MeScreen } from "../me/me";
import { FormScreen } from "../me/form";
import { FormsScreen } from "../me/forms";
import { StatesScreen } from "../me/states";

export function screenOf(route: Route): ComponentChildren {
  const [first, id = "", then, page, period] = route;
  switch (first) {
    case "orders":
      return <OrdersScreen />;
    case "order":
      if (then === "toolkit") return <ToolkitScreen page={id} />;
      if (then === "history") return <HistoryScreen page={id} />;
      return <OrderScreen page={id} />;
    case "new-order":
      return <NewOrderScreen />;
    case "visit":
      if (then === "part") return <PartsScreen page={id} />;
      if (then === "charge") return <ChargeScreen page={id} />;
      if (then === "take-back") return <TakeBackScreen page={id} />;
      if (then === "sign") return <SignatureScreen page={id} />;
      if (then === "proof") return <ProofScreen page={id} />;
      return <VisitScreen page={id} />;
    case "attendance":
      return <AttendanceScreen month={id || null} />;
    case "leave":
      return <LeaveScreen />;
    case "go-out":
      return <GoOutScreen />;
    case "report":
      return <ReportScreen day={id} />;
    case "sync":
      return id ? <RefusedScreen no={Number(id)} /> : <SyncScreen />;
    case "me":
      if (id === "forms") return <FormsScreen />;
      if (id === "form" && then && page) return <FormScreen formKey={{ form: then, page, period: period && period !== "-" ? period : null }} />;
      if (id === "states") return <StatesScreen />;
      return <MeScreen />;
    default:
      return <TodayScreen />;
  }
}
