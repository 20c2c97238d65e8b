// Dashboards of Grafana as its own types describe them, with the panels that the boards in config/grafana use.
//
// dashboard.schema.json is made of this file, so that a test can hold the boards against it. The types are those of the
// packages @grafana/schema 13.2.3 and @grafana/grafana-foundation-sdk 0.0.21 (Apache-2.0), which Grafana makes of its
// schemas. Grafana leaves open what a panel's options, fields and queries are. Here each type of panel has its own.
//
//   npm install @grafana/schema@13.2.3 @grafana/grafana-foundation-sdk@0.0.21 ts-json-schema-generator@2.4.0
//   sed -n 's/.* = \(".*"\);/  | \1/p' node_modules/@grafana/grafana-foundation-sdk/dist/units/types.gen.d.ts |
//     sed '1i export type Unit =' > unit.ts
//   npx ts-json-schema-generator --path dashboard.ts --type Dashboard --tsconfig tsconfig.json --jsDoc none --expose none
//
// where tsconfig.json says
//   {"compilerOptions": {"strict": true, "moduleResolution": "node10", "skipLibCheck": true, "types": []},
//    "files": ["dashboard.ts"]}
import type { Dataquery } from "@grafana/grafana-foundation-sdk/dist/prometheus/types.gen";
import type { Unit } from "./unit";
import type { GraphFieldConfig, TableFieldOptions } from "@grafana/schema/dist/types/common/common.gen";
import type * as dashboard from "@grafana/schema/dist/types/raw/dashboard/x/types.gen";
import type { Options as Stat } from "@grafana/schema/dist/types/raw/composable/stat/panelcfg/x/types.gen";
import type { Options as Table } from "@grafana/schema/dist/types/raw/composable/table/panelcfg/x/types.gen";
import type { Options as Text } from "@grafana/schema/dist/types/raw/composable/text/panelcfg/x/types.gen";
import type { Options as TimeSeries } from "@grafana/schema/dist/types/raw/composable/timeseries/panelcfg/x/types.gen";

type Query = Omit<Dataquery, "_implementsDataqueryVariant" | "datasource"> & { datasource?: dashboard.DataSourceRef };
type Defaults<C> = Omit<dashboard.FieldConfig, "custom" | "unit"> & { custom?: Partial<C>; unit?: Unit };
type Fields<C> = Omit<dashboard.FieldConfigSource, "defaults"> & { defaults: Defaults<C> };
type Drawn<T extends string, O, C> = Omit<dashboard.Panel, "type" | "options" | "targets" | "fieldConfig"> & {
  type: T;
  options: O;
  targets: Query[];
  fieldConfig: Fields<C>;
};
type Said = Omit<dashboard.Panel, "type" | "options" | "targets" | "fieldConfig"> & { type: "text"; options: Text };
export type Panel =
  | Drawn<"timeseries", TimeSeries, GraphFieldConfig>
  | Drawn<"stat", Stat, Record<string, never>>
  | Drawn<"table", Table, TableFieldOptions>
  | Said;
export type Row = Omit<dashboard.RowPanel, "panels"> & { panels: Panel[] };
export type Dashboard = Omit<dashboard.Dashboard, "panels"> & { panels: (Panel | Row)[] };
