/// The HTTP surface `/api/v1`: controllers that only translate, the views they show, and problem
/// details for everything that goes wrong.
///
/// Spring maps and documents all requests; those of batches, which are many and small, are called
/// without its resolving of arguments.
///
/// It serves data pipelines; administration, export and the inference protocol, which build on its
/// intake of bodies, conditions, commands, answers, views and problems, are packages of their own.
/// It says how much may be under way at a time (`LoadLimits`; `LoadFilter` enters a request in its
/// `MemoryLedger`, `LoadShedding` refuses on the connection what has no room there), ends what
/// clients do not go on with, and lets them go before the service does.
///
/// It may know `normalizer`, `validation`, `codec`, `document`, Spring WebFlux, Micrometer and
/// Netty's server; no engine.
///
/// Start reading at [io.evenkeel.http.BatchController].
@NullMarked
package io.evenkeel.http;

import org.jspecify.annotations.NullMarked;
